#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "foothold/space.h"
#include "model/feature_matrix.h"

namespace foothold {

/// Features of a config for models that measure distance: the logarithm of each parameter's value,
/// so that equal ratios are equal steps and a bound on a product is a plane; scaled to mean 0 and
/// variance 1 over the parameter's values. A parameter with values below 1 goes by their ranks
/// instead. Parameters with a single value have no column.
///
/// Immutable and safe to share between threads.
class LogFeatures {
 public:
  explicit LogFeatures(const Space& space);

  /// At least 1: a space of one config has a column of zeros.
  std::size_t columns() const { return columns_; }
  /// REQUIRES: `config` belongs to the space; `features` is columns() wide.
  void Extract(const Config& config, std::span<float> features) const;
  /// One row per config.
  FeatureMatrix Extract(std::span<const Config> configs) const;

 private:
  struct Source {
    std::size_t parameter = 0;
    std::vector<float> values;  ///< by choice
  };
  std::size_t columns_ = 1;
  std::vector<Source> sources_;
};

}  // namespace foothold
