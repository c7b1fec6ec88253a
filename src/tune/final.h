#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "foothold/record.h"
#include "foothold/target.h"
#include "foothold/tuner.h"
#include "measure/comparison.h"

namespace foothold::tune {

/// How far a comparison has come that ends after `most_rounds`.
FinalProgress ProgressOf(const measure::Comparison& comparison, int most_rounds);

/// What the log keeps of a comparison of these trials: the best first, then those that are tied
/// with it, then the others, each by median; without those that failed or never ran. REQUIRES:
/// comparison.best; a trial for each candidate.
FinalRecord MakeFinal(const measure::Comparison& comparison, std::span<const std::uint64_t> trials,
                      std::uint64_t finished_trials, double wall_clock);

}  // namespace foothold::tune
