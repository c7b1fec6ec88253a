#include <fmt/core.h>

#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "core/target/dependencies.h"
#include "records/ground_truth/ground_truth.h"
#include "targets/replay/replay_target.h"

namespace foothold {
namespace {

/// What a runner would say about a config that ended so.
Failure FailureOf(const GroundTruth& exploration, const Verdict& verdict) {
  return {verdict.outcome, verdict.stage,
          fmt::format("recorded so on {}; reasons are not recorded", exploration.target())};
}

/// Stands for what building the config made.
class ReplayProgram : public Program {
 public:
  ReplayProgram(std::uint64_t index, Metrics metrics)
      : index_(index), metrics_(std::move(metrics)) {}
  const Metrics& metrics() const override { return metrics_; }
  std::uint64_t index() const { return index_; }

 private:
  const std::uint64_t index_;
  const Metrics metrics_;
};

class ReplayTask : public TargetTask {
 public:
  ReplayTask(std::shared_ptr<const GroundTruth> exploration, Workload workload,
             Dependencies dependencies)
      : exploration_(std::move(exploration)),
        workload_(std::move(workload)),
        dependencies_(std::move(dependencies)) {
    FOOTHOLD_CHECK(exploration_->complete());
  }

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return exploration_->space(); }

  BuildResult Build(const Config& config) const override {
    const std::uint64_t index = space().IndexOf(config);
    const Verdict& verdict = exploration_->verdict(index);
    if (!verdict.built) return {nullptr, FailureOf(*exploration_, verdict)};
    return {std::make_unique<ReplayProgram>(index, exploration_->program_metrics(index)), {}};
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const std::uint64_t index = static_cast<const ReplayProgram&>(program).index();
    const Verdict& verdict = exploration_->verdict(index);
    RunResult result;
    if (const auto seconds = exploration_->seconds(index)) {
      if (*seconds > options.timeout_s) return TimedOut(*seconds, options.timeout_s);
      result.seconds = {*seconds};
    } else {
      result.failure = FailureOf(*exploration_, verdict);
    }
    result.metrics = exploration_->run_metrics(index);
    return result;
  }

  Result<Dependencies> DependsOn(Env&) const override { return dependencies_; }
  bool CandidatesCanHarmHost() const override { return false; }
  bool TimesAreExact() const override { return true; }
  double PeakOperationsPerSecond() const override {
    return exploration_->header().peak_operations_per_second;
  }
  double RooflineSeconds() const override { return exploration_->header().roofline_seconds; }

  std::string Explain(const Config& config) const override;
  std::string ExplainJson(const Config& config) const override;

 private:
  static RunResult TimedOut(double seconds, double timeout_s) {
    return {
        Failure{Outcome::kTimeout, "run", fmt::format("takes {} s of {} s", seconds, timeout_s)}};
  }

  const std::shared_ptr<const GroundTruth> exploration_;
  const Workload workload_;
  const Dependencies dependencies_;
};

std::string ReplayTask::Explain(const Config& config) const {
  const std::uint64_t index = space().IndexOf(config);
  const Verdict& verdict = exploration_->verdict(index);
  std::string text =
      fmt::format("workload  {}\ntarget    {}, replayed\nconfig    {}  (index {})\n",
                  ToString(workload_), exploration_->target(), space().ToString(config), index);
  if (const auto seconds = exploration_->seconds(index)) {
    text += fmt::format("outcome   correct: {:.3f} ms\n", *seconds * 1e3);
  } else {
    text += fmt::format("outcome   {} at {}\n", ToString(verdict.outcome), verdict.stage);
  }
  Metrics metrics = exploration_->program_metrics(index);
  metrics.merge(exploration_->run_metrics(index));
  for (const auto& [name, value] : metrics) text += fmt::format("  {:20} {:>13}\n", name, value);
  return text;
}

std::string ReplayTask::ExplainJson(const Config& config) const {
  const std::uint64_t index = space().IndexOf(config);
  const Verdict& verdict = exploration_->verdict(index);
  Json json = {{"workload", ToString(workload_)},
               {"target", exploration_->target()},
               {"config", space().ToString(config)},
               {"index", index},
               {"outcome", ToString(verdict.outcome)}};
  if (const auto seconds = exploration_->seconds(index)) {
    json["seconds"] = *seconds;
  } else {
    json["stage"] = verdict.stage;
  }
  Metrics metrics = exploration_->program_metrics(index);
  metrics.merge(exploration_->run_metrics(index));
  json["metrics"] = metrics;
  return json.Dump();
}

class ReplayTarget : public Target {
 public:
  ReplayTarget(std::string path, std::shared_ptr<const GroundTruth> exploration,
               Dependencies dependencies)
      : path_(std::move(path)),
        exploration_(std::move(exploration)),
        dependencies_(std::move(dependencies)) {}

  std::string name() const override { return "replay:" + path_; }
  std::string description() const override {
    return fmt::format("recorded: {} on {}", exploration_->workload().name, exploration_->target());
  }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    const Workload& recorded = exploration_->workload();
    // The user may call it differently.
    if (workload.op != recorded.op || workload.type != recorded.type) {
      return Status::InvalidArgument(
          fmt::format("{}: cannot run {} ({}), it is the exploration of {} ({})", name(),
                      workload.name, ToString(workload), recorded.name, ToString(recorded)));
    }
    if (workload.requantize != recorded.requantize) {
      return Status::InvalidArgument(
          fmt::format("{}: cannot run {}, it is the exploration of {} with another requantisation",
                      name(), workload.name, recorded.name));
    }
    return std::unique_ptr<TargetTask>(
        std::make_unique<ReplayTask>(exploration_, workload, dependencies_));
  }

 private:
  const std::string path_;
  const std::shared_ptr<const GroundTruth> exploration_;
  const Dependencies dependencies_;  // what was read
};

}  // namespace

std::unique_ptr<TargetTask> MakeReplayTask(std::shared_ptr<const GroundTruth> exploration) {
  Workload workload = exploration->workload();
  return std::make_unique<ReplayTask>(std::move(exploration), std::move(workload), Dependencies{});
}

Result<std::unique_ptr<Target>> MakeReplayTarget(Env& env, const std::string& path) {
  Dependencies dependencies;
  FOOTHOLD_RETURN_IF_ERROR(AddFile(env, FileName(path), path, dependencies));
  FOOTHOLD_ASSIGN_OR_RETURN(GroundTruth exploration, ReadGroundTruth(env, path));
  return std::unique_ptr<Target>(std::make_unique<ReplayTarget>(
      path, std::make_shared<const GroundTruth>(std::move(exploration)), std::move(dependencies)));
}

}  // namespace foothold
