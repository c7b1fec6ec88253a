#pragma once

#include <optional>
#include <span>

#include "base/statistics.h"
#include "foothold/measuring.h"

namespace foothold::measure {

/// How sure an interval that a candidate is judged by is to hold its median time.
inline constexpr double kRepeatConfidence = 0.95;

/// Where the median time of a candidate lies, by the times of its runs: MedianInterval, and while
/// the runs are too few for one, the range that they span, wider by `rules.worse_margin` on either
/// side. REQUIRES: at least one run; all times > 0 and finite.
base::Interval BoundsOf(std::span<const double> run_seconds, const RepeatOptions& rules);

/// Whether to run a candidate once more.
enum class Repeat {
  kOnceMore,
  kNarrow,       ///< no: its time is known well enough
  kWorse,        ///< no: it is not the best one
  kMostRepeats,  ///< no: it was run often enough
  kOutOfTime,    ///< no: it took long enough
};

/// `run_seconds`: of the runs so far, at least one, those that were thrown away not among them;
/// `spent_s`: on all of them; `best`: the bounds of the best candidate so far. A function of its
/// arguments.
Repeat DecideRepeat(std::span<const double> run_seconds, double spent_s,
                    const std::optional<base::Interval>& best, const RepeatOptions& rules);

}  // namespace foothold::measure
