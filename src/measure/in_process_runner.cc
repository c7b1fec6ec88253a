#include "measure/in_process_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/check.h"

namespace foothold {
namespace {

/// AutoTVM's number for a config that its template refuses (reference F.9).
constexpr int kInstantiationError = 1;

std::size_t ThreadCount(int jobs) {
  FOOTHOLD_CHECK(jobs >= 0);
  if (jobs > 0) return static_cast<std::size_t>(jobs);
  return std::max(1U, std::thread::hardware_concurrency());
}

void SetFailure(const Failure& failure, Outcome outcome, Measurement& measurement) {
  FOOTHOLD_CHECK(outcome != Outcome::kCorrect);
  measurement.outcome = outcome;
  measurement.stage = failure.stage;
  measurement.reason = failure.reason;
  measurement.autotvm_error = failure.autotvm_error;
}

class InProcessRunner : public Runner {
 public:
  InProcessRunner(const TargetTask& task, const RunOptions& options, int jobs, Env& env)
      : task_(task), options_(options), threads_(ThreadCount(jobs)), env_(env) {}

  std::size_t parallelism() const override { return threads_; }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override;

 private:
  Result<Measurement> MeasureGuarded(const Config& config) const;
  Measurement MeasureOne(const Config& config) const;
  void Run(const Program& program, Measurement& measurement) const;

  const TargetTask& task_;
  RunOptions options_;
  std::size_t threads_;
  Env& env_;
};

// Each thread takes the next config that nobody has taken and writes its own slot, so nothing that
// comes out depends on which thread was faster. Configs are taken in order and what is taken is
// finished, so a stop leaves a prefix.
MeasuredBatch InProcessRunner::Measure(std::span<const Config> configs,
                                       const ShouldStop& should_stop) {
  std::vector<std::optional<Result<Measurement>>> slots(configs.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    while (!failed && !should_stop()) {
      const std::size_t i = next++;
      if (i >= configs.size()) return;
      slots[i] = MeasureGuarded(configs[i]);
      if (!slots[i]->ok()) failed = true;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(threads_, configs.size()); ++i) {
      try {
        others.emplace_back(work);
      } catch (const std::system_error&) {
        break;  // The system has no more threads to give; those there are will do.
      }
    }
    work();
  }

  MeasuredBatch batch;
  for (auto& slot : slots) {
    if (!slot) break;
    if (!slot->ok()) {
      batch.status = slot->status();
      break;
    }
    batch.measurements.push_back(std::move(*slot).value());
  }
  return batch;
}

Result<Measurement> InProcessRunner::MeasureGuarded(const Config& config) const {
  std::string what;
  try {
    return MeasureOne(config);
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
    what = "an unknown exception";
  }
  return Status::Unavailable(
      fmt::format("the target failed on {}: {}; this is no fault of the config",
                  task_.space().ToString(config), what));
}

Measurement InProcessRunner::MeasureOne(const Config& config) const {
  FOOTHOLD_CHECK(task_.space().Contains(config), "a searcher proposed a config outside its space");
  Measurement measurement;
  measurement.config = config;
  if (const Constraint* broken = task_.space().FirstBroken(config)) {
    SetFailure({Outcome::kConstraints, "constraints", broken->description(), kInstantiationError},
               Outcome::kConstraints, measurement);
    return measurement;
  }

  const double start = env_.MonotonicSeconds();
  const BuildResult build = task_.Build(config);
  measurement.build_seconds = env_.MonotonicSeconds() - start;
  if (!build.ok()) {
    SetFailure(build.failure, build.failure.outcome, measurement);
    return measurement;
  }
  measurement.metrics = build.program->metrics();
  Run(*build.program, measurement);
  return measurement;
}

void InProcessRunner::Run(const Program& program, Measurement& measurement) const {
  const double start = env_.MonotonicSeconds();
  RunResult run = task_.Run(program, options_);
  measurement.run_seconds = env_.MonotonicSeconds() - start;
  for (auto& [name, value] : run.metrics) measurement.metrics[name] = value;
  if (run.outcome != Outcome::kCorrect) {
    SetFailure(run.failure, run.outcome, measurement);
    return;
  }
  measurement.outcome = Outcome::kCorrect;
  measurement.seconds = std::move(run.seconds);
}

}  // namespace

std::unique_ptr<Runner> MakeInProcessRunner(const TargetTask& task, const RunOptions& options,
                                            int jobs, Env& env) {
  return std::make_unique<InProcessRunner>(task, options, jobs, env);
}

}  // namespace foothold
