#include "measure/run_time_limit.h"

#include <algorithm>
#include <limits>

namespace foothold::measure {

double RunTimeLimit::Seconds(const Accepted* best) const {
  if (best == nullptr) return absolute_s_;
  return std::min(absolute_s_, std::max(kLeastSeconds, times_best_ * best->wall_seconds));
}

// A run is c + r * t: what surrounds the candidate's time t, and r of those. If it takes at least k
// times the best one's, c + r * t >= k * (c + r * best), then t >= k * best, as k >= 1.
std::optional<double> RunTimeLimit::SlowerThan(const Accepted* best) const {
  if (best == nullptr || Seconds(best) >= absolute_s_) return std::nullopt;
  const double bound = best->MedianSeconds() * (Seconds(best) / best->wall_seconds);
  return std::min(bound, std::numeric_limits<double>::max());
}

}  // namespace foothold::measure
