#include "measure/run_time_limit.h"

#include <algorithm>

namespace foothold {

double RunTimeLimit::seconds() const {
  return std::min(absolute_s_, std::max(kLeastSeconds, times_best_ * best_wall_));
}

void RunTimeLimit::Observe(double seconds, double wall_seconds) {
  if (seconds >= best_) return;
  best_ = seconds;
  best_wall_ = wall_seconds;
}

}  // namespace foothold
