#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "foothold/space.h"
#include "models/features/feature_matrix.h"

namespace foothold::search {

/// AutoTVM's `knob` features of a config (docs/reference/vta-and-autotvm.md#knob-features): its
/// parameters' values one after the other, in the space's order. A split with the inner size f
/// contributes what AutoTVM's split entity holds, the list [-1, f]; any other parameter its value.
/// So a config of VTA's conv2d template has 5 * 2 + 2 = 12 features, of which the five -1 are the
/// same in every config: trees never choose them, but the width is AutoTVM's.
///
/// Immutable and safe to share between threads.
class KnobFeatures {
 public:
  /// Which parameters are splits.
  using IsSplit = std::function<bool(const Parameter&)>;
  /// The rule of VTA's templates: a split's name starts with "tile_".
  static bool IsTile(const Parameter& parameter);

  /// REQUIRES: the space has a parameter.
  explicit KnobFeatures(const Space& space, const IsSplit& is_split = &IsTile);

  std::size_t columns() const { return columns_; }
  /// REQUIRES: `config` belongs to the space; `features` is columns() wide.
  void Extract(const Config& config, std::span<float> features) const;
  /// One row per config.
  models::FeatureMatrix Extract(std::span<const Config> configs) const;

 private:
  struct Source {
    std::size_t column = 0;     ///< of the parameter's value
    bool split = false;         ///< the column before it is the outer size, -1
    std::vector<float> values;  ///< by choice
  };
  std::size_t columns_ = 0;
  std::vector<Source> sources_;  ///< one per parameter
};

}  // namespace foothold::search
