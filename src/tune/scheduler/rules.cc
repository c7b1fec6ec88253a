#include "tune/scheduler/rules.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace foothold::tune {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// The optimistic prior of a searcher without a model: what its first trial gains. It falls with
/// the square of the trials.
constexpr double kFirstGain = 0.3;

bool HasValid(const TaskState& task) { return task.best() < kInfinity; }

/// What a searcher without a model is expected to gain a trial, on the scale of the logarithm.
double GainOfHistory(const TaskState& task) {
  const std::size_t batches = task.best_s.size();
  const double before = task.best_s[(batches - 1) / 2];
  const auto trials = static_cast<double>(task.trials);
  const double recent = before < kInfinity ? 2 * std::log(before / task.best()) / trials : 0;
  return recent + kFirstGain / (trials * trials);
}

double GainPerSecond(const TaskState& task) {
  const double gain = task.gain.value_or(GainOfHistory(task));
  return task.weight * task.best() * -std::expm1(-gain) / task.trial_s;
}

std::optional<std::size_t> NextWithoutValid(std::span<const TaskState> tasks) {
  std::optional<std::size_t> next;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].has_ended || HasValid(tasks[i])) continue;
    if (!next || tasks[i].trials < tasks[*next].trials) next = i;
  }
  return next;
}

/// Whether a task that has tried in vain for long is to wait for the others.
bool IsToWait(const TaskState& task, std::span<const TaskState> tasks) {
  if (task.trials < kPatience) return false;
  std::uint64_t others = 0;
  for (const TaskState& one : tasks) {
    if (HasValid(one)) others += one.trials;
  }
  return others < task.trials;
}

}  // namespace

double TaskState::best() const { return best_s.empty() ? kInfinity : best_s.back(); }

void NoteBatch(LoopSession& session, bool ended, bool times_are_exact, TaskState& state) {
  const TuneResult& result = session.so_far();
  const std::uint64_t trials = result.progress.finished - state.trials;
  state.has_ended = ended;
  state.trials = result.progress.finished;
  if (trials == 0) return;
  const auto& incumbent = result.progress.incumbent;
  state.best_s.push_back(incumbent ? incumbent->MedianSeconds() : kInfinity);
  const double spent_s = result.build_seconds + result.run_seconds;
  const double cost = spent_s / static_cast<double>(state.trials);
  state.trial_s = times_are_exact ? 1 : std::max(cost, 1e-9);
  state.gain = session.ExpectedGain();
}

std::optional<std::size_t> NextByGain(std::span<const TaskState> tasks) {
  const std::optional<std::size_t> without = NextWithoutValid(tasks);
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].has_ended || !HasValid(tasks[i])) continue;
    const double gain = GainPerSecond(tasks[i]);
    if (best && gain <= most) continue;
    best = i;
    most = gain;
  }
  if (without && (!best || !IsToWait(tasks[*without], tasks))) return without;
  return best;
}

}  // namespace foothold::tune
