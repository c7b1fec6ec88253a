#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "foothold/record.h"

namespace foothold::report {

/// What a run spent at each tier, in wall seconds summed over its builds and trials.
struct TierCosts {
  double search_build_s = 0;  ///< builds without a run, which the searcher asked for
  double build_s = 0;         ///< builds of trials
  double run_s = 0;           ///< runs of trials, verification included

  double total_s() const { return search_build_s + build_s + run_s; }
};

/// A trial that was better than all before it.
struct Improvement {
  std::uint64_t measurements = 0;  ///< trials up to it, itself included
  double cost_s = 0;               ///< spent on them, and on the builds before them
  double best_s = 0;               ///< its time
};

/// The best time so far as a run went on. Between improvements it stays, and after the last one
/// until the run's end.
struct RunCurve {
  std::vector<Improvement> improvements;
  std::uint64_t measurements = 0;
  TierCosts costs;
};

/// Builds and trials count in the order of their times of day.
RunCurve CurveOf(const RunLog& run);

/// The quartiles of the best so far over several runs, at each x. nullopt where so many runs have
/// found nothing correct yet that the quartile is none.
struct Band {
  std::vector<double> x;
  std::vector<std::optional<double>> low;
  std::vector<std::optional<double>> median;
  std::vector<std::optional<double>> high;
};

enum class EffortAxis { kMeasurements, kSeconds };

/// At no more than `points` places from the first improvement of any run to the end of the longest,
/// evenly spaced in their logarithm. A run that ended earlier keeps its best. Empty when no run
/// found anything. REQUIRES: points >= 2.
Band BandOf(const std::vector<RunCurve>& curves, EffortAxis axis, std::size_t points);

}  // namespace foothold::report
