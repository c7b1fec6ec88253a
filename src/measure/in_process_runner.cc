#include "measure/in_process_runner.h"

#include <fmt/core.h>

#include <exception>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "core/target/reported_values.h"

namespace foothold::measure {
namespace {

class InProcessRunner : public Runner {
 public:
  InProcessRunner(const TargetTask& task, const RunOptions& options, int jobs, Env& env)
      : task_(task), options_(options), threads_(base::ThreadCount(jobs)), env_(env) {}

  std::size_t parallelism() const override { return threads_; }

  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override {
    auto [trials, status] = ForEach<Trial>(
        configs, should_stop, [&](const Config& config) { return MeasureOne(config); });
    MeasuredBatch batch;
    for (Trial& trial : trials) {
      batch.measurements.push_back(std::move(trial.measurement));
      batch.builds.push_back(std::move(trial.build));
    }
    batch.status = std::move(status);
    return batch;
  }
  BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) override {
    const auto report_of = [&](const Config& config) -> Result<BuildReport> {
      FOOTHOLD_ASSIGN_OR_RETURN(Built built, BuildOne(config));
      return std::move(built.report);
    };
    auto [reports, status] = ForEach<BuildReport>(configs, should_stop, report_of);
    return {std::move(reports), std::move(status)};
  }

  Result<Comparison> Compare(std::span<const Config> configs, const RepeatOptions& rules,
                             double seconds, std::uint64_t seed, const ShouldStop& should_stop,
                             const OnRound& on_round) override {
    return CompareInTurns(task_, options_, configs, rules, seconds, seed, env_, should_stop,
                          on_round);
  }

 private:
  struct Built {
    BuildReport report;
    std::unique_ptr<Program> program;
  };
  struct Trial {
    Measurement measurement;
    BuildReport build;
  };
  template <typename T, typename Work>
  std::pair<std::vector<T>, Status> ForEach(std::span<const Config> configs,
                                            const ShouldStop& should_stop, const Work& work) const;
  template <typename T, typename Work>
  Result<T> Guarded(const Config& config, const Work& work) const;

  Result<Built> BuildOne(const Config& config) const;
  Result<Trial> MeasureOne(const Config& config) const;
  Status Run(const Program& program, Measurement& measurement) const;

  const TargetTask& task_;
  RunOptions options_;
  std::size_t threads_;
  Env& env_;
};

// Each call writes its own slot, so nothing that comes out depends on which thread was faster; and
// the calls are those of a prefix.
template <typename T, typename Work>
std::pair<std::vector<T>, Status> InProcessRunner::ForEach(std::span<const Config> configs,
                                                           const ShouldStop& should_stop,
                                                           const Work& work) const {
  std::vector<std::optional<Result<T>>> slots(configs.size());
  base::RunInParallel(
      configs.size(), threads_,
      [&](std::size_t i) {
        slots[i] = Guarded<T>(configs[i], work);
        return slots[i]->ok();
      },
      should_stop);

  std::pair<std::vector<T>, Status> done;
  for (auto& slot : slots) {
    if (!slot) break;
    if (!slot->ok()) {
      done.second = slot->status();
      break;
    }
    done.first.push_back(std::move(*slot).value());
  }
  return done;
}

template <typename T, typename Work>
Result<T> InProcessRunner::Guarded(const Config& config, const Work& work) const {
  FOOTHOLD_CHECK(task_.space().Contains(config), "a searcher proposed a config outside its space");
  std::string what;
  try {
    return work(config);
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
    what = "an unknown exception";
  }
  return Status::Unavailable(
      fmt::format("the target failed on {}: {}; this is no fault of the config",
                  task_.space().ToString(config), what));
}

Result<InProcessRunner::Built> InProcessRunner::BuildOne(const Config& config) const {
  Built built{{config, std::nullopt, {}, 0}, nullptr};
  if (const Constraint* broken = task_.space().FirstBroken(config)) {
    built.report.failure = Failure{Outcome::kConstraints, "constraints", broken->description()};
    return built;
  }
  const double start = env_.MonotonicSeconds();
  BuildResult build = task_.Build(config);
  built.report.seconds = env_.MonotonicSeconds() - start;
  FOOTHOLD_RETURN_IF_ERROR(build.status);
  if (build.ok()) {
    built.report.failure =
        target::ImpossibleMetric(build.program->metrics(), Outcome::kCompile, "build.result");
    if (!built.report.failure) built.report.metrics = build.program->metrics();
  } else {
    FOOTHOLD_CHECK(build.failure.has_value(), "a build without a program says why");
    built.report.failure = std::move(build.failure);
  }
  built.program = std::move(build.program);
  return built;
}

Result<InProcessRunner::Trial> InProcessRunner::MeasureOne(const Config& config) const {
  FOOTHOLD_ASSIGN_OR_RETURN(Built built, BuildOne(config));
  Trial trial{{}, std::move(built.report)};
  Measurement& measurement = trial.measurement;
  measurement.config = config;
  measurement.build_seconds = trial.build.seconds;
  measurement.failure = trial.build.failure;
  if (measurement.failure) return trial;
  measurement.metrics = trial.build.metrics;
  FOOTHOLD_RETURN_IF_ERROR(Run(*built.program, measurement));
  return trial;
}

Status InProcessRunner::Run(const Program& program, Measurement& measurement) const {
  const double start = env_.MonotonicSeconds();
  RunResult run = target::WithPossibleValues(task_.Run(program, options_));
  FOOTHOLD_RETURN_IF_ERROR(run.status);
  measurement.run_seconds = env_.MonotonicSeconds() - start - run.waited_s;
  for (auto& [name, value] : run.metrics) measurement.metrics[name] = value;
  if (run.failure) {
    FOOTHOLD_CHECK(IsFailure(run.failure->outcome) && !run.slower_than_s);
    measurement.failure = std::move(run.failure);
    return {};
  }
  measurement.slower_than_s = run.slower_than_s;
  measurement.seconds = std::move(run.seconds);
  measurement.times_per_run = std::move(run.times_per_run);
  return {};
}

}  // namespace

std::unique_ptr<Runner> MakeInProcessRunner(const TargetTask& task, const RunOptions& options,
                                            int jobs, Env& env) {
  return std::make_unique<InProcessRunner>(task, options, jobs, env);
}

}  // namespace foothold::measure
