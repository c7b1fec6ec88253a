#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "foothold/space.h"
#include "models/features/feature_matrix.h"

namespace foothold::models {

/// Features of a config for models that measure distance: the logarithm of each parameter's value,
/// so that equal ratios are equal steps and a bound on a product is a plane; scaled to mean 0 and
/// variance 1 over the parameter's values. A parameter with values below 1 goes by their ranks
/// instead. One without an order has a column for each value, such that any two values are as far
/// apart as two of an ordered parameter are on average; with two values it has one column, as if it
/// were ordered. Parameters with a single value have no column.
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

  /// The same for a config of another space, on the same scale: values there need not be among
  /// those here. False, with nothing written, when `parameters` lacks one that has a column.
  bool ExtractOther(std::span<const Parameter> parameters, const Config& config,
                    std::span<float> features) const;

 private:
  struct Source {
    std::size_t parameter = 0;
    std::string name;
    std::size_t first_column = 0;
    std::size_t columns = 1;    ///< as many as values for a parameter without an order
    std::vector<float> values;  ///< by choice; without an order: in its own column, in the others
    /// For values that are not among the parameter's: of their logarithms; deviation 0: by ranks.
    double mean = 0;
    double deviation = 0;
    std::vector<std::int64_t> raw;  ///< by choice

    void Write(std::size_t choice, std::span<float> features) const;
  };
  static Source Scaled(std::size_t index, const Parameter& parameter);
  static Source Unordered(std::size_t index, const Parameter& parameter);
  std::size_t columns_ = 1;
  std::vector<Source> sources_;
};

}  // namespace foothold::models
