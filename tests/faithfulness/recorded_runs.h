#pragma once

#include <vector>

namespace foothold {

/// Spent by several runs of one tuner: the trial at which each first measured the optimum, and the
/// mean number of invalid trials.
struct Runs {
  std::vector<double> first_optimum;
  double invalid = 0;
};

// Ten runs of each tuner of TVM 0.8 on the outcomes of resnet18_C8, with these settings. The raw
// runs are not kept: the figures here are all of them.

inline constexpr int kRecordedTrials = 500;
inline constexpr int kBatchSize = 8;
inline constexpr int kPopulation = 50;
/// Stands for a run that did not find the optimum.
inline constexpr double kNotFound = kRecordedTrials + 1;

inline const Runs kRecordedAutotvm = {{135, 194, 34, 137, 46, 131, 180, 132, 132, 115}, 398};
inline const Runs kRecordedGenetic = {{64, 162, 34, 169, 46, 199, 100, 74, 118, 202}, 399};
inline const Runs kRecordedRandom = {
    {32, 45, 165, 195, 352, kNotFound, kNotFound, kNotFound, kNotFound, kNotFound}, 466};

}  // namespace foothold
