#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/features/feature_matrix.h"
#include "models/trees/booster.h"

namespace foothold::models {

/// A trained booster's trees, laid out to be walked quickly. Gives the same bits as
/// Booster::Margins, for finite features, at a small part of its cost: XGBoost pays for a call much
/// more than for a row.
///
/// Every tree is completed to the depth of the deepest, and walks of each depth are compiled on
/// their own, so that a walk has no conditional jumps and the processor overlaps several.
class TreeEnsemble {
 public:
  /// The trees of `booster`. REQUIRES: the booster has one output and only numerical splits; no
  /// tree is deeper than 8.
  explicit TreeEnsemble(const Booster& booster);

  std::size_t trees() const { return trees_; }
  /// Where XGBoost starts for a row without a base margin.
  float base_margin() const { return base_margin_; }

  /// Adds each row's leaves to `margins`, tree by tree in the booster's order: start from
  /// base_margin() or from base margins. REQUIRES: one margin per row; rows as wide as the model.
  void AddLeaves(const FeatureMatrix& features, std::span<float> margins) const;

 private:
  template <int depth>
  void AddLeavesAtDepth(const FeatureMatrix& features, std::span<float> margins) const;

  /// One level's decision: go right unless row[feature] < threshold.
  struct Split {
    std::uint32_t feature = 0;
    float threshold = 0;
  };

  std::size_t columns_ = 0;
  std::size_t trees_ = 0;
  int depth_ = 0;
  float base_margin_ = 0;
  std::vector<Split> splits_;  ///< per tree 2^depth - 1, in heap order
  std::vector<float> leaves_;  ///< per tree 2^depth
};

}  // namespace foothold::models
