#include "measure/device_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/statistics.h"

namespace foothold {
namespace {

/// Whether another try may go better: what does not exist stays away.
bool IsWorthARetry(const Status& status) {
  return status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kIoError;
}

/// Failures that a sick device makes of any candidate.
bool IsSuspicious(const RunResult& result) {
  return result.outcome == Outcome::kRuntime || result.outcome == Outcome::kTimeout;
}

/// Runs of other candidates between two looks at the best one.
constexpr std::size_t kRunsBetweenLooks = 25;

}  // namespace

/// The target's program, shared so that the best one can be kept for probes.
class DeviceTask::BuiltProgram : public Program {
 public:
  explicit BuiltProgram(std::unique_ptr<Program> program) : program_(std::move(program)) {}
  const Metrics& metrics() const override { return program_->metrics(); }
  const std::shared_ptr<const Program>& get() const { return program_; }

 private:
  std::shared_ptr<const Program> program_;
};

DeviceTask::DeviceTask(const TargetTask& task, const DeviceRules& rules, double timeout_s, Env& env)
    : TaskOverTask(task),
      rules_(rules),
      env_(env),
      state_{RunTimeLimit(timeout_s, rules.times_best),
             FailureStreak(rules.failures_alike),
             nullptr,
             0,
             {},
             0} {
  FOOTHOLD_CHECK(rules.attempts > 0 && rules.times_best > 1 && rules.failures_alike > 0);
}

template <typename Attempt>
auto DeviceTask::Retry(const Attempt& attempt, double* paused_s) const {
  double pause = rules_.first_pause_s;
  for (int left = rules_.attempts - 1;; --left) {
    auto result = attempt();
    if (left == 0 || !IsWorthARetry(result.status)) return result;
    env_.Sleep(pause);
    *paused_s += pause;
    pause *= 2;
  }
}

BuildResult DeviceTask::Build(const Config& config) const {
  double paused_s = 0;
  BuildResult built = Retry([&] { return task().Build(config); }, &paused_s);
  if (built.ok()) built.program = std::make_unique<BuiltProgram>(std::move(built.program));
  if (!built.ok() && built.status.ok()) built.status = Diagnose(built.failure);
  return built;
}

RunResult DeviceTask::Run(const Program& program, const RunOptions& options) const {
  const auto& built = dynamic_cast<const BuiltProgram&>(program);
  const double asked = env_.MonotonicSeconds();
  const std::scoped_lock turn(device_);
  const double waited = env_.MonotonicSeconds() - asked;
  RunResult result = RunBelievably(built, options);
  LookAtBest(options, result);
  result.waited_s += waited;
  if (result.status.ok() && result.outcome != Outcome::kCorrect) {
    result.status = Diagnose(result.failure);
  }
  return result;
}

RunResult DeviceTask::RunBelievably(const BuiltProgram& program, const RunOptions& options) const {
  RunResult first = RunOnce(program, options);
  if (!first.status.ok() || !IsSuspicious(first) || !rules_.probe || !state_.best) return first;
  std::string reason;
  double paused_s = 0;
  Health health = Probe(options, &reason, &paused_s);
  RunResult result = std::move(first);
  if (health == Health::kRecovered) {
    paused_s += result.waited_s;
    result = RunOnce(program, options);
    // What this run did to the device must not be the next candidate's loss.
    if (result.status.ok() && IsSuspicious(result)) health = Probe(options, &reason, &paused_s);
  }
  result.waited_s += paused_s;
  if (health == Health::kUnwell && result.status.ok()) {
    result.status = Status::Unavailable(fmt::format(
        "the device is not well: the best candidate so far, which was correct, now fails ({})",
        reason));
  }
  if (health == Health::kUnknown) result.status = Status::Cancelled(reason);
  return result;
}

/// Runs the best candidate until it is correct again, as often as there are attempts.
DeviceTask::Health DeviceTask::Probe(const RunOptions& options, std::string* reason,
                                     double* paused_s) const {
  double pause = rules_.first_pause_s;
  for (int attempt = 1;; ++attempt) {
    const RunResult probe = task().Run(*state_.best, options);
    if (probe.status.ok() && probe.outcome == Outcome::kCorrect) {
      state_.watch.Add(Median(probe.seconds).value());
      return attempt == 1 ? Health::kWell : Health::kRecovered;
    }
    *reason = probe.status.ok() ? probe.failure.stage + ": " + probe.failure.reason
                                : probe.status.message();
    if (probe.status.code() == StatusCode::kCancelled) return Health::kUnknown;
    if (attempt == rules_.attempts) return Health::kUnwell;
    env_.Sleep(pause);
    *paused_s += pause;
    pause *= 2;
  }
}

/// Runs the best candidate again now and then, after another one has run. It is not that one's
/// cost.
void DeviceTask::LookAtBest(const RunOptions& options, RunResult& result) const {
  if (!rules_.probe || TimesAreExact() || !state_.best || !result.status.ok()) return;
  if (++state_.runs_since_look < kRunsBetweenLooks) return;
  state_.runs_since_look = 0;
  const double start = env_.MonotonicSeconds();
  const RunResult look = task().Run(*state_.best, options);
  result.waited_s += env_.MonotonicSeconds() - start;
  // If it fails, the next candidate does too, and is not blamed before a probe.
  if (!look.status.ok() || look.outcome != Outcome::kCorrect) return;
  state_.watch.Add(Median(look.seconds).value());
}

std::optional<Steadiness> DeviceTask::steadiness() const {
  const std::scoped_lock turn(device_);
  return state_.watch.Result();
}

RunResult DeviceTask::RunOnce(const BuiltProgram& program, const RunOptions& options) const {
  RunOptions limited = options;
  limited.timeout_s = std::min(options.timeout_s, state_.limit.seconds());
  double wall_seconds = 0;
  double paused_s = 0;
  RunResult result = Retry(
      [&] {
        const double start = env_.MonotonicSeconds();
        RunResult attempt = task().Run(*program.get(), limited);
        wall_seconds = env_.MonotonicSeconds() - start;
        return attempt;
      },
      &paused_s);
  result.waited_s += paused_s;
  if (!result.status.ok()) return result;
  if (result.outcome == Outcome::kCorrect) Learn(program, result, wall_seconds);
  if (result.outcome == Outcome::kTimeout && state_.limit.is_relative()) {
    result.failure.reason +=
        fmt::format("; {:g} times what the best run took", state_.limit.times_best());
  }
  return result;
}

void DeviceTask::Learn(const BuiltProgram& program, const RunResult& result,
                       double wall_seconds) const {
  const double seconds = Median(result.seconds).value();
  state_.limit.Observe(seconds, wall_seconds);
  if (!state_.best || seconds < state_.best_seconds) {
    if (state_.best != program.get()) state_.watch.BeginProgram();
    state_.best = program.get();
    state_.best_seconds = seconds;
  }
  if (state_.best == program.get()) state_.watch.Add(seconds);
  const std::scoped_lock lock(state_mutex_);
  state_.streak.AddSuccess();
}

Status DeviceTask::Diagnose(const Failure& failure) const {
  const std::scoped_lock lock(state_mutex_);
  state_.streak.AddFailure(failure);
  const auto diagnosis = state_.streak.TakeDiagnosis();
  return diagnosis ? Status::Unavailable(*diagnosis) : Status();
}

}  // namespace foothold
