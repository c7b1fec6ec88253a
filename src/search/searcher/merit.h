#pragma once

#include <algorithm>

#include "foothold/target.h"

namespace foothold::search {

/// What searchers that climb maximise: runs per second of a correct config, the most that it can be
/// of one that is slower than a bound, 0 for a failure. Finite, and so is the sum over any run.
/// AutoTVM maximises operations per second instead (docs/reference/vta-and-autotvm.md#tuner-loop);
/// within one workload the two differ by a constant factor, which its algorithms divide out.
inline double Merit(const Measurement& measurement) {
  constexpr double kLeastSeconds = 1e-300;  // the inverse of less overflows
  if (IsFailure(measurement.outcome())) return 0;
  const double seconds =
      measurement.slower_than_s ? *measurement.slower_than_s : measurement.MedianSeconds();
  return 1 / std::max(seconds, kLeastSeconds);
}

}  // namespace foothold::search
