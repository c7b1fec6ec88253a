#pragma once

#include <cstddef>
#include <vector>

#include "foothold/record.h"

namespace foothold::report {

/// A correct trial of one of several runs. Where its run held a final, that has the last word.
struct RankedTrial {
  Measurement measurement;  ///< with the times of the final, if it was tied there
  double order = 0;         ///< seconds by which it is ranked: the lower the better
  const RunLog* run = nullptr;
};

/// The finalists of the run's last final that cannot be told apart, the best first; empty when it
/// held none.
std::vector<Measurement> TiedInLastFinal(const RunLog& run);

/// The correct trials of runs of one question, the best first.
std::vector<RankedTrial> RankTrials(const std::vector<const RunLog*>& runs);

/// The first `top` of different configs: one config may have been measured by two runs.
std::vector<const RankedTrial*> Fastest(const std::vector<RankedTrial>& ranked, std::size_t top);

}  // namespace foothold::report
