#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/features/feature_matrix.h"
#include "models/trees/booster.h"
#include "models/trees/tree_ensemble.h"

namespace foothold::models {

/// What BoostedTrees learn.
enum class TreeObjective : std::uint8_t {
  kValue,        ///< the label itself (reg:squarederror)
  kProbability,  ///< of the label 1, the other one being 0 (binary:logistic)
};

/// A fixed number of XGBoost's trees, with the tree parameters of AutoTVM's cost model: depth 3,
/// eta 0.3, gamma 0.0001, lambda 1, least child weight 1.
///
/// Not thread-safe. Deterministic.
class BoostedTrees {
 public:
  static Booster::Parameters BoosterParameters(TreeObjective objective);
  static constexpr int kRounds = 40;

  explicit BoostedTrees(TreeObjective objective) : objective_(objective) {}

  /// Learns from all rows, anew. REQUIRES: rows; a label each, of a kind that fits the objective.
  void Fit(const FeatureMatrix& features, std::span<const float> labels);
  bool fitted() const { return trees_.has_value(); }

  /// One margin per row: the value, or the log-odds of the label 1, above 0 where it is the
  /// likelier. REQUIRES: fitted(); one per row.
  void Predict(const FeatureMatrix& features, std::span<float> margins) const;

 private:
  TreeObjective objective_;
  std::optional<TreeEnsemble> trees_;
};

}  // namespace foothold::models
