#include "measure/device_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/statistics.h"
#include "core/target/reported_values.h"

namespace foothold::measure {
namespace {

/// Whether another try may go better: what does not exist stays away.
bool IsWorthARetry(const Status& status) {
  return status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kIoError;
}

/// Of what was accepted and does not run any more.
Failure Rerun(Failure failure) {
  failure.reason = "was correct, and failed when it was run again: " + failure.reason;
  return failure;
}

/// What a sick device makes of any candidate.
bool IsSuspicious(const RunResult& result) {
  return result.outcome() == Outcome::kRuntime || result.outcome() == Outcome::kTimeout ||
         result.outcome() == Outcome::kSlow;
}

/// Of a candidate for which the infrastructure fails, and for others it does not.
Failure OwnFailure(Outcome outcome, const std::string& stage, int attempts, const Status& status) {
  return {outcome, stage + ".infrastructure",
          fmt::format("failed {} times, while the best candidate so far did not: {}", attempts,
                      status.message())};
}

/// Candidates that fail alike are enough for a diagnosis where nothing known to be good runs.
constexpr std::size_t kAlikeInDoubt = 10;

/// Runs of other candidates between two looks at the best one.
constexpr std::size_t kRunsBetweenLooks = 25;

}  // namespace

/// The target's program, shared so that the best ones can be kept for probes.
class DeviceTask::BuiltProgram : public Program {
 public:
  BuiltProgram(Config config, std::unique_ptr<Program> program)
      : config_(std::move(config)), program_(std::move(program)) {}
  const Metrics& metrics() const override { return program_->metrics(); }
  const Config& config() const { return config_; }
  const std::shared_ptr<const Program>& get() const { return program_; }

  /// Of its correct runs, from start to end. Written by whoever runs it, one thread at a time.
  mutable double longest_run_s = 0;

 private:
  const Config config_;
  const std::shared_ptr<const Program> program_;
};

DeviceTask::DeviceTask(const TargetTask& task, const DeviceOptions& rules, double timeout_s,
                       Env& env)
    : TaskOverTask(task),
      rules_(rules),
      limit_(timeout_s, rules.times_best),
      env_(env),
      state_{{}, {}, {}, FailureStreak(rules.failures_alike), {}, 0, false} {
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
  if (IsWorthARetry(built.status)) built = BuildDespiteInfrastructure(config, std::move(built));
  if (built.ok()) built.program = std::make_unique<BuiltProgram>(config, std::move(built.program));
  if (built.failure) built.status = Diagnose(*built.failure);
  return built;
}

BuildResult DeviceTask::BuildDespiteInfrastructure(const Config& config, BuildResult first) const {
  const std::optional<Accepted> best = Best();
  if (!rules_.probe || !best || !task().Build(best->config).ok()) return first;
  double paused_s = 0;
  BuildResult second = Retry([&] { return task().Build(config); }, &paused_s);
  if (!IsWorthARetry(second.status)) return second;
  second.failure = OwnFailure(Outcome::kCompile, "build", 2 * rules_.attempts, second.status);
  second.status = {};
  return second;
}

RunResult DeviceTask::Run(const Program& program, const RunOptions& options) const {
  const auto& built = dynamic_cast<const BuiltProgram&>(program);
  const double asked = env_.MonotonicSeconds();
  const std::scoped_lock turn(device_);
  const double waited = env_.MonotonicSeconds() - asked;
  RunResult result = RunBelievably(built, options);
  ReconsiderSuspects(options, result);
  LookAtBest(options, result);
  result.waited_s += waited;
  if (result.status.ok() && result.failure) result.status = Diagnose(*result.failure);
  return result;
}

RunResult DeviceTask::RunBelievably(const BuiltProgram& program, const RunOptions& options) const {
  RunResult first = RunOnce(program, options);
  if (!rules_.probe || !Best()) return first;
  if (IsWorthARetry(first.status)) {
    return RunDespiteInfrastructure(program, options, std::move(first));
  }
  if (!first.status.ok() || !IsSuspicious(first)) return first;
  Failure failure;
  double paused_s = 0;
  Health health = Probe(options, &failure, &paused_s);
  RunResult result = std::move(first);
  if (health == Health::kRecovered) {
    paused_s += result.waited_s;
    result = RunOnce(program, options);
    // What this run did to the device must not be the next candidate's loss.
    if (result.status.ok() && IsSuspicious(result)) health = Probe(options, &failure, &paused_s);
  }
  result.waited_s += paused_s;
  if (health == Health::kUnwell && result.status.ok()) {
    result.status = Diagnosed(fmt::format(
        "the device is not well: the best candidates so far, which were correct, now fail ({})",
        ToString(failure)));
  }
  if (health == Health::kUnknown) result.status = Status::Cancelled(failure.reason);
  return result;
}

/// `first`: all attempts ended in a failure of the infrastructure.
RunResult DeviceTask::RunDespiteInfrastructure(const BuiltProgram& program,
                                               const RunOptions& options, RunResult first) const {
  Failure failure;
  double paused_s = 0;
  const Health health = Probe(options, &failure, &paused_s);
  if (health == Health::kUnknown) first.status = Status::Cancelled(failure.reason);
  if (health != Health::kWell && health != Health::kRecovered) return first;
  RunResult second = RunOnce(program, options);
  second.waited_s += first.waited_s + paused_s;
  if (!IsWorthARetry(second.status)) return second;
  second.failure = OwnFailure(Outcome::kRuntime, "run", 2 * rules_.attempts, second.status);
  second.status = {};
  return second;
}

/// Runs the best candidate until it is correct again, as often as there are attempts, and then the
/// others that are known to be good.
DeviceTask::Health DeviceTask::Probe(const RunOptions& options, Failure* failure,
                                     double* paused_s) const {
  const std::optional<Accepted> best = Best();
  FOOTHOLD_CHECK(best.has_value());
  double pause = rules_.first_pause_s;
  for (int attempt = 1;; ++attempt) {
    const std::optional<bool> correct = IsCorrect(best->program, options, failure);
    if (!correct) return Health::kUnknown;
    if (*correct) return attempt == 1 ? Health::kWell : Health::kRecovered;
    if (attempt == rules_.attempts) return ProbeOthers(options, failure);
    env_.Sleep(pause);
    *paused_s += pause;
    pause *= 2;
  }
}

/// The best candidate's program does not run any more. Is it the program, the candidate or the
/// device? What does not run where another does is demoted.
DeviceTask::Health DeviceTask::ProbeOthers(const RunOptions& options, Failure* failure) const {
  std::vector<Accepted> fastest = Fastest();
  std::vector<Demotion> failed;
  bool any_ran_twice = false;
  for (Accepted& candidate : fastest) {
    any_ran_twice = any_ran_twice || candidate.correct_runs > 1;
    const bool is_best = &candidate == &fastest.front();
    const std::shared_ptr<const Program> stale = candidate.program;
    const std::optional<bool> correct =
        is_best ? BuildsAndRuns(candidate, options, failure) : IsCorrect(stale, options, failure);
    if (!correct) return Health::kUnknown;
    if (!*correct) {
      failed.push_back({candidate.config, Rerun(*failure)});
      continue;
    }
    {
      const std::scoped_lock lock(state_mutex_);
      state_.accepted.Replace(stale.get(), candidate.program);
    }
    const auto gone = std::span(fastest).first(failed.size());
    Demote(gone, std::move(failed));
    return Health::kRecovered;
  }
  if (any_ran_twice && fastest.size() > 1) return Health::kUnwell;
  // One alone may have stopped working by itself, and what ran once and never again says nothing
  // about the device.
  const std::scoped_lock lock(state_mutex_);
  state_.suspects.insert(state_.suspects.end(), fastest.begin(), fastest.end());
  state_.accepted.Clear();
  state_.streak.Restart(kAlikeInDoubt);
  return Health::kNoWitness;
}

/// As IsCorrect, of another build of the candidate, as its files may be gone; the candidate's from
/// then on if it is correct.
std::optional<bool> DeviceTask::BuildsAndRuns(Accepted& candidate, const RunOptions& options,
                                              Failure* failure) const {
  BuildResult built = task().Build(candidate.config);
  if (built.status.ok() && built.ok()) {
    std::shared_ptr<const Program> program = std::move(built.program);
    const std::optional<bool> correct = IsCorrect(program, options, failure);
    if (correct && *correct) candidate.program = std::move(program);
    return correct;
  }
  *failure = built.failure.value_or(
      Failure{Outcome::kCompile, "build.infrastructure", built.status.message()});
  if (built.status.code() == StatusCode::kCancelled) return std::nullopt;
  return false;
}

/// `demotions`: one for each of `candidates`.
void DeviceTask::Demote(std::span<const Accepted> candidates,
                        std::vector<Demotion> demotions) const {
  FOOTHOLD_CHECK(candidates.size() == demotions.size());
  const std::scoped_lock lock(state_mutex_);
  for (const Accepted& candidate : candidates) state_.accepted.Remove(candidate.program.get());
  for (Demotion& demotion : demotions) state_.demotions.push_back(std::move(demotion));
}

/// One more run each, now that something runs; it is not the cost of the candidate that `result` is
/// of.
void DeviceTask::ReconsiderSuspects(const RunOptions& options, RunResult& result) const {
  std::vector<Accepted> suspects;
  {
    const std::scoped_lock lock(state_mutex_);
    if (state_.accepted.best() == nullptr) return;
    suspects.swap(state_.suspects);
  }
  const double start = env_.MonotonicSeconds();
  for (Accepted& suspect : suspects) {
    Failure failure;
    const std::optional<bool> correct = BuildsAndRuns(suspect, options, &failure);
    if (correct && !*correct) {
      Demote(std::span(&suspect, 1), {{suspect.config, Rerun(std::move(failure))}});
      continue;
    }
    const std::scoped_lock lock(state_mutex_);
    if (correct) {
      ++suspect.correct_runs;
      state_.accepted.Add(std::move(suspect));
    } else {
      state_.suspects.push_back(std::move(suspect));
    }
  }
  result.waited_s += env_.MonotonicSeconds() - start;
}

std::vector<Demotion> DeviceTask::TakeDemotions() const {
  const std::scoped_lock lock(state_mutex_);
  return std::exchange(state_.demotions, {});
}

/// One run of an accepted candidate; nullopt when it was interrupted. If it is not correct,
/// `*failure` says why.
std::optional<bool> DeviceTask::IsCorrect(const std::shared_ptr<const Program>& program,
                                          const RunOptions& options, Failure* failure) const {
  const RunResult run = target::WithPossibleValues(task().Run(*program, options));
  if (run.status.ok() && run.outcome() == Outcome::kCorrect) {
    const std::scoped_lock lock(state_mutex_);
    state_.accepted.CountRun(program.get());
    const Accepted* best = state_.accepted.best();
    if (best != nullptr && best->program == program)
      state_.watch.Add(base::Median(run.seconds).value());
    return true;
  }
  *failure =
      run.failure.value_or(Failure{Outcome::kRuntime, "run.infrastructure", run.status.message()});
  if (run.status.code() == StatusCode::kCancelled) return std::nullopt;
  return false;
}

/// Runs the best candidate again now and then, after another one has run. It is not that one's
/// cost.
void DeviceTask::LookAtBest(const RunOptions& options, RunResult& result) const {
  const std::optional<Accepted> best = Best();
  if (!rules_.probe || traits().times_are_exact || !best || !result.status.ok()) return;
  {
    const std::scoped_lock lock(state_mutex_);
    if (++state_.runs_since_look < kRunsBetweenLooks) return;
    state_.runs_since_look = 0;
  }
  const double start = env_.MonotonicSeconds();
  Failure failure;  // then the next candidate fails too, and is not blamed before a probe
  IsCorrect(best->program, options, &failure);
  result.waited_s += env_.MonotonicSeconds() - start;
}

std::optional<Steadiness> DeviceTask::steadiness() const {
  const std::scoped_lock lock(state_mutex_);
  return state_.watch.Result();
}

RunResult DeviceTask::RunOnce(const BuiltProgram& program, const RunOptions& options) const {
  const std::optional<Accepted> best = Best();
  RunOptions limited = options;
  limited.timeout_s = std::min(options.timeout_s, limit_.Seconds(best ? &*best : nullptr));
  double wall_seconds = 0;
  double paused_s = 0;
  RunResult result = Retry(
      [&] {
        const double start = env_.MonotonicSeconds();
        RunResult attempt = target::WithPossibleValues(task().Run(*program.get(), limited));
        wall_seconds = env_.MonotonicSeconds() - start;
        return attempt;
      },
      &paused_s);
  result.waited_s += paused_s;
  if (!result.status.ok()) return result;
  if (result.outcome() == Outcome::kCorrect) {
    program.longest_run_s = std::max(program.longest_run_s, wall_seconds);
  }
  // A target may have limits of its own, which say nothing about the best candidate.
  if (result.outcome() == Outcome::kTimeout && best && wall_seconds >= limited.timeout_s) {
    result.slower_than_s = limit_.SlowerThan(&*best);
    if (result.slower_than_s) result.failure.reset();
  }
  return result;
}

void DeviceTask::Accept(const Program& program, std::span<const double> run_seconds,
                        std::size_t correct_runs) const {
  const auto& built = dynamic_cast<const BuiltProgram&>(program);
  const std::scoped_lock lock(state_mutex_);
  const bool is_best = state_.accepted.Add({built.config(),
                                            built.get(),
                                            {run_seconds.begin(), run_seconds.end()},
                                            built.longest_run_s,
                                            correct_runs});
  if (is_best) {
    state_.watch.BeginProgram();
    for (const double seconds : run_seconds) state_.watch.Add(seconds);
  }
  state_.streak.AddSuccess();
}

std::vector<double> DeviceTask::BestRunSeconds() const {
  const std::optional<Accepted> best = Best();
  return best ? best->run_seconds : std::vector<double>();
}

std::optional<Accepted> DeviceTask::Best() const {
  const std::scoped_lock lock(state_mutex_);
  const Accepted* best = state_.accepted.best();
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::vector<Accepted> DeviceTask::Fastest() const {
  const std::scoped_lock lock(state_mutex_);
  return {state_.accepted.fastest().begin(), state_.accepted.fastest().end()};
}

Status DeviceTask::Diagnose(const Failure& failure) const {
  std::optional<std::string> diagnosis;
  {
    const std::scoped_lock lock(state_mutex_);
    state_.streak.AddFailure(failure);
    diagnosis = state_.streak.TakeDiagnosis();
  }
  return diagnosis ? Diagnosed(*std::move(diagnosis)) : Status();
}

Status DeviceTask::Diagnosed(std::string diagnosis) const {
  const std::scoped_lock lock(state_mutex_);
  state_.has_diagnosis = true;
  return Status::Unavailable(std::move(diagnosis));
}

bool DeviceTask::HasDiagnosis() const {
  const std::scoped_lock lock(state_mutex_);
  return state_.has_diagnosis;
}

}  // namespace foothold::measure
