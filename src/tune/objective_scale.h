#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "foothold/record.h"

namespace foothold::tune {

/// Maps an objective's values to numbers that searchers can take for seconds. Values near the first
/// one differ by their ratio and differ in sign as well: exp(asinh(value / first)), or its inverse.
class ObjectiveScale {
 public:
  explicit ObjectiveScale(const std::optional<Objective>& objective) : objective_(objective) {}

  double Seconds(double value) {
    if (!objective_) return value;
    if (first_ == 0) first_ = std::abs(value);
    const double ratio = first_ == 0 ? 0 : value / first_;
    const double worse = objective_->maximise ? -ratio : ratio;
    const double above = std::hypot(worse, 1.0) + std::abs(worse);
    return std::clamp(worse < 0 ? 1 / above : above, std::numeric_limits<double>::min(),
                      std::numeric_limits<double>::max());
  }
  /// Whether `a` is better than `b`.
  bool IsBetter(double a, double b) const {
    return objective_ && objective_->maximise ? a > b : a < b;
  }

 private:
  std::optional<Objective> objective_;
  double first_ = 0;  ///< size of the first value that is not 0; 0: there is none yet
};

}  // namespace foothold::tune
