#pragma once

#include <cstddef>
#include <vector>

#include "foothold/record.h"

namespace foothold::report {

struct SampledTrial {
  const RunLog* run = nullptr;
  const TrialRecord* trial = nullptr;
};

/// At most `limit` of the runs' trials, in their order. When there are more, a quarter of the limit
/// goes to the fastest, and the others are taken evenly from all.
std::vector<SampledTrial> SampleTrials(const std::vector<const RunLog*>& runs, std::size_t limit);

}  // namespace foothold::report
