#include "measure/repeating_task.h"

#include <utility>
#include <vector>

namespace foothold {

/// The runs of one candidate so far, those that were thrown away not among them.
struct RepeatingTask::Runs {
  std::vector<double> seconds;  // all times
  std::vector<std::size_t> times_per_run;
  std::vector<double> run_seconds;
  int warm_ups = 0;  // yet to be thrown away
  double spent_s = 0;

  void Add(const std::vector<double>& times) {
    if (!run_seconds.empty() && warm_ups > 0) {  // there is something better now
      --warm_ups;
      seconds.clear();
      times_per_run.clear();
      run_seconds.clear();
    }
    seconds.insert(seconds.end(), times.begin(), times.end());
    times_per_run.push_back(times.size());
    run_seconds.push_back(Median(times).value());
  }
};

bool RepeatingTask::IsEnough(const Runs& runs) const {
  std::optional<Interval> best;
  {
    const std::scoped_lock lock(mutex_);
    best = best_.bounds;
  }
  switch (DecideRepeat(runs.run_seconds, runs.spent_s, best, rules_)) {
    case Repeat::kOnceMore:
      return false;
    case Repeat::kWorse:
    case Repeat::kOutOfTime:
      return true;
    case Repeat::kNarrow:
    case Repeat::kMostRepeats:
      break;
  }
  return runs.warm_ups == 0;
}

RunResult RepeatingTask::Run(const Program& program, const RunOptions& options) const {
  RunOptions run = options;
  RunResult first;
  Runs runs;
  runs.warm_ups = rules_.warm_ups;
  double waited_s = 0;
  do {
    const double start = env_.MonotonicSeconds();
    RunResult next = task().Run(program, run);
    waited_s += next.waited_s;
    runs.spent_s += env_.MonotonicSeconds() - start - next.waited_s;
    if (!next.status.ok() || next.outcome != Outcome::kCorrect) {
      if (next.status.ok() && !runs.run_seconds.empty()) {
        next.failure.reason += "; an earlier run of it was correct";
      }
      next.waited_s = waited_s;
      return next;
    }
    runs.Add(next.seconds);
    if (first.seconds.empty()) first = std::move(next);
    run.verify = false;
  } while (!IsEnough(runs));
  Learn(runs);
  first.seconds = std::move(runs.seconds);
  if (runs.times_per_run.size() > 1) first.times_per_run = std::move(runs.times_per_run);
  first.waited_s = waited_s;
  return first;
}

void RepeatingTask::Learn(const Runs& runs) const {
  const double median = Median(runs.run_seconds).value();
  const std::scoped_lock lock(mutex_);
  if (median >= best_.median) return;
  best_ = {median, BoundsOf(runs.run_seconds, rules_)};
}

}  // namespace foothold
