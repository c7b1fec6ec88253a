#include "measure/repeats.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::measure {
namespace {

/// A single run that takes so many times what the best candidate takes is no outlier.
constexpr double kClearlySlower = 2;

bool IsWorse(std::span<const double> run_seconds, const base::Interval& best,
             const RepeatOptions& rules) {
  if (run_seconds.size() < static_cast<std::size_t>(rules.least_repeats)) {
    const double fastest = *std::min_element(run_seconds.begin(), run_seconds.end());
    return fastest > kClearlySlower * best.high;
  }
  return BoundsOf(run_seconds, rules).low > best.high;
}

bool IsNarrow(std::span<const double> run_seconds, const RepeatOptions& rules) {
  const auto interval = base::MedianInterval(run_seconds, kRepeatConfidence);
  if (!interval) return false;
  const double half_width = (interval->high - interval->low) / 2;
  return half_width <= rules.interval_width * base::Median(run_seconds).value();
}

}  // namespace

base::Interval BoundsOf(std::span<const double> run_seconds, const RepeatOptions& rules) {
  FOOTHOLD_CHECK(!run_seconds.empty());
  if (const auto interval = base::MedianInterval(run_seconds, kRepeatConfidence)) return *interval;
  const auto [fastest, slowest] = std::minmax_element(run_seconds.begin(), run_seconds.end());
  return {*fastest / (1 + rules.worse_margin), *slowest * (1 + rules.worse_margin)};
}

Repeat DecideRepeat(std::span<const double> run_seconds, double spent_s,
                    const std::optional<base::Interval>& best, const RepeatOptions& rules) {
  FOOTHOLD_CHECK(!run_seconds.empty());
  if (best && IsWorse(run_seconds, *best, rules)) return Repeat::kWorse;
  if (IsNarrow(run_seconds, rules)) return Repeat::kNarrow;
  if (run_seconds.size() >= static_cast<std::size_t>(rules.most_repeats)) {
    return Repeat::kMostRepeats;
  }
  return spent_s >= rules.repeat_seconds ? Repeat::kOutOfTime : Repeat::kOnceMore;
}

}  // namespace foothold::measure
