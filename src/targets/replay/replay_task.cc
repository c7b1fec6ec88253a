#include <fmt/core.h>

#include <utility>

#include "base/check.h"
#include "core/target/dependencies.h"
#include "core/target/program_of.h"
#include "foothold/explanation.h"
#include "records/ground_truth/ground_truth.h"
#include "targets/replay/replay_target.h"

namespace foothold::replay {
namespace {

/// What a runner would say about a config that ended so.
Failure FailureOf(const records::GroundTruth& exploration, const records::Verdict& verdict) {
  return {verdict.outcome, verdict.stage,
          fmt::format("recorded so on {}; reasons are not recorded", exploration.target())};
}

class ReplayTask : public TargetTask {
 public:
  ReplayTask(std::shared_ptr<const records::GroundTruth> exploration, Workload workload,
             Dependencies dependencies)
      : exploration_(std::move(exploration)),
        workload_(std::move(workload)),
        dependencies_(std::move(dependencies)),
        traits_{.target = exploration_->target(),
                .times_are_exact = true,
                .candidates_can_harm_host = false,
                .peak_operations_per_second = exploration_->header().peak_operations_per_second,
                .roofline_seconds = exploration_->header().roofline_seconds} {
    FOOTHOLD_CHECK(exploration_->complete());
  }

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return exploration_->space(); }

  BuildResult Build(const Config& config) const override {
    const std::uint64_t index = space().IndexOf(config);
    const records::Verdict& verdict = exploration_->verdict(index);
    if (!verdict.built) return {nullptr, FailureOf(*exploration_, verdict)};
    return target::Built(index, exploration_->program_metrics(index));
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const std::uint64_t index = target::ValueOf<std::uint64_t>(program);
    const records::Verdict& verdict = exploration_->verdict(index);
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
  const TaskTraits& traits() const override { return traits_; }
  Explanation Explain(const Config& config) const override;

 private:
  static RunResult TimedOut(double seconds, double timeout_s) {
    return {
        Failure{Outcome::kTimeout, "run", fmt::format("takes {} s of {} s", seconds, timeout_s)}};
  }

  const std::shared_ptr<const records::GroundTruth> exploration_;
  const Workload workload_;
  const Dependencies dependencies_;
  const TaskTraits traits_;
};

Explanation ReplayTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  e.is_replayed = true;
  if (const auto seconds = exploration_->seconds(e.index)) {
    SetSeconds(*this, *seconds, e);
  } else {
    e.failure = FailureOf(*exploration_, exploration_->verdict(e.index));
  }
  e.metrics = exploration_->program_metrics(e.index);
  e.metrics.merge(exploration_->run_metrics(e.index));
  return e;
}

class ReplayTarget : public Target {
 public:
  ReplayTarget(std::string path, std::shared_ptr<const records::GroundTruth> exploration,
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
  const std::shared_ptr<const records::GroundTruth> exploration_;
  const Dependencies dependencies_;  // what was read
};

}  // namespace

std::unique_ptr<TargetTask> MakeReplayTask(
    std::shared_ptr<const records::GroundTruth> exploration) {
  Workload workload = exploration->workload();
  return std::make_unique<ReplayTask>(std::move(exploration), std::move(workload), Dependencies{});
}

Result<std::unique_ptr<Target>> MakeReplayTarget(Env& env, const std::string& path) {
  Dependencies dependencies;
  FOOTHOLD_RETURN_IF_ERROR(target::AddFile(env, target::FileName(path), path, dependencies));
  FOOTHOLD_ASSIGN_OR_RETURN(records::GroundTruth exploration, records::ReadGroundTruth(env, path));
  return std::unique_ptr<Target>(std::make_unique<ReplayTarget>(
      path, std::make_shared<const records::GroundTruth>(std::move(exploration)),
      std::move(dependencies)));
}

}  // namespace foothold::replay
