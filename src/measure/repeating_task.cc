#include "measure/repeating_task.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/statistics.h"
#include "measure/repeats.h"

namespace foothold::measure {

/// The runs of one candidate so far.
struct RepeatingTask::Runs {
  // Those that were thrown away not among them:
  std::vector<double> seconds;  // all times
  std::vector<std::size_t> times_per_run;
  std::vector<double> run_seconds;
  int warm_ups = 0;  // yet to be thrown away
  double spent_s = 0;
  std::size_t all = 0;  // those that were thrown away, too

  void Add(const std::vector<double>& times) {
    ++all;
    if (!run_seconds.empty() && warm_ups > 0) {  // there is something better now
      --warm_ups;
      seconds.clear();
      times_per_run.clear();
      run_seconds.clear();
    }
    seconds.insert(seconds.end(), times.begin(), times.end());
    times_per_run.push_back(times.size());
    run_seconds.push_back(base::Median(times).value());
  }
};

bool RepeatingTask::IsEnough(const Runs& runs) const {
  if (traits().times_are_exact) return IsEnoughOfExact(runs);
  std::optional<base::Interval> best;
  if (const auto of_best = device_.BestRunSeconds(); !of_best.empty()) {
    best = BoundsOf(of_best, rules_);
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

bool RepeatingTask::IsEnoughOfExact(const Runs& runs) const {
  if (runs.all > 1 || rules_.most_repeats == 1) return true;
  const std::vector<double> best = device_.BestRunSeconds();
  return !best.empty() && runs.run_seconds.front() >= base::Median(best).value();
}

RunResult RepeatingTask::Run(const Program& program, const RunOptions& options) const {
  RunOptions run = options;
  RunResult first;
  Runs runs;
  if (!traits().times_are_exact) runs.warm_ups = rules_.warm_ups;
  double waited_s = 0;
  do {
    const double start = env_.MonotonicSeconds();
    RunResult next = device_.Run(program, run);
    waited_s += next.waited_s;
    runs.spent_s += env_.MonotonicSeconds() - start - next.waited_s;
    if (!next.status.ok() || next.outcome() != Outcome::kCorrect) {
      if (next.status.ok() && next.failure && runs.all > 0) {
        next.failure->reason += "; an earlier run of it was correct";
      }
      next.waited_s = waited_s;
      return next;
    }
    runs.Add(next.seconds);
    if (first.seconds.empty()) first = std::move(next);
    if (!traits().times_are_exact) run.verify = false;
  } while (!IsEnough(runs));
  device_.Accept(program, runs.run_seconds, runs.all);
  first.waited_s = waited_s;
  if (traits().times_are_exact) return first;  // the second run could only say the same
  first.seconds = std::move(runs.seconds);
  if (runs.times_per_run.size() > 1) first.times_per_run = std::move(runs.times_per_run);
  return first;
}

}  // namespace foothold::measure
