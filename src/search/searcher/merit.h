#pragma once

#include "foothold/target.h"

namespace foothold {

/// What searchers that climb maximise: runs per second of a correct config, 0 for a failure.
/// AutoTVM maximises operations per second instead (reference F.3); within one workload the two
/// differ by a constant factor, which its algorithms divide out.
inline double Merit(const Measurement& measurement) {
  return measurement.outcome == Outcome::kCorrect ? 1.0 / measurement.MedianSeconds() : 0.0;
}

}  // namespace foothold
