// The target that answers from a recorded space.
#include <fmt/core.h>

#include <utility>

#include "core/target/dependencies.h"
#include "core/target/program_of.h"
#include "foothold/explanation.h"
#include "foothold/replayed_space.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

constexpr const char* kCostMetric = "recorded_cost_s";

Failure FailureOf(const RecordedTrial& trial) {
  const std::string word =
      trial.failure.empty() ? std::string(ToString(trial.outcome)) : trial.failure;
  return {trial.outcome, word, fmt::format("recorded as {}", word)};
}

Failure NotRecorded() { return {Outcome::kConstraints, "space", "was not recorded"}; }

class RecordedTask : public TargetTask {
 public:
  RecordedTask(std::shared_ptr<const ReplayedSpace> replayed, Workload workload,
               Dependencies dependencies)
      : replayed_(std::move(replayed)),
        workload_(std::move(workload)),
        dependencies_(std::move(dependencies)),
        traits_{.target = replayed_->recorded().device, .candidates_can_harm_host = false} {}

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return replayed_->space(); }

  BuildResult Build(const Config& config) const override {
    if (!space().IsValid(config)) return {nullptr, NotRecorded()};
    const RecordedTrial& trial = replayed_->trial(config);
    if (!WasBuilt(trial)) return {nullptr, FailureOf(trial)};
    return target::Built(&trial);  // no metrics: those that were recorded may come from a run
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const RecordedTrial& trial = *target::ValueOf<const RecordedTrial*>(program);
    RunResult result;
    result.metrics = trial.metrics;
    result.metrics[kCostMetric] = replayed_->TrialCost(trial);
    if (trial.outcome != Outcome::kCorrect) {
      result.failure = FailureOf(trial);
    } else if (const double seconds = Seconds(trial); seconds > options.timeout_s) {
      result.failure = {Outcome::kTimeout, "run",
                        fmt::format("takes {} s of {} s", seconds, options.timeout_s)};
    } else {
      result.seconds = {seconds};
    }
    return result;
  }

  Result<Dependencies> DependsOn(Env&) const override { return dependencies_; }
  const TaskTraits& traits() const override { return traits_; }
  Explanation Explain(const Config& config) const override;

 private:
  const std::shared_ptr<const ReplayedSpace> replayed_;
  const Workload workload_;
  const Dependencies dependencies_;
  const TaskTraits traits_;
};

Explanation RecordedTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  e.is_replayed = true;
  e.config = replayed_->ToString(config);
  if (!space().IsValid(config)) {
    e.failure = NotRecorded();
    return e;
  }
  const RecordedTrial& trial = replayed_->trial(config);
  if (trial.outcome == Outcome::kCorrect) {
    SetSeconds(*this, Seconds(trial), e);
  } else {
    e.failure = FailureOf(trial);
  }
  e.facts = {{"cost", replayed_->TrialCost(trial), "s"}, {"compile", BuildCost(trial), "s"}};
  e.metrics = trial.metrics;
  return e;
}

class RecordedTarget : public Target {
 public:
  RecordedTarget(std::string path, std::shared_ptr<const ReplayedSpace> replayed,
                 Dependencies dependencies)
      : path_(std::move(path)),
        replayed_(std::move(replayed)),
        dependencies_(std::move(dependencies)) {
    const std::string& kernel = replayed_->recorded().kernel;
    // A log that Foothold wrote in another's format has the layer's shape there.
    if (const auto layer = ParseInlineWorkload(kernel); layer.ok()) {
      recorded_ = *layer;
    } else {
      recorded_.op = Kernel{kernel};
    }
  }

  std::string name() const override { return "replay:" + path_; }
  std::string description() const override {
    return fmt::format("recorded: {} on {}", ToString(recorded_), replayed_->recorded().device);
  }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    const auto* kernel = std::get_if<Kernel>(&recorded_.op);
    const bool is_any = kernel != nullptr && kernel->name.empty();
    const bool fits =
        is_any ? std::holds_alternative<Kernel>(workload.op) : ComputeTheSame(workload, recorded_);
    if (fits) {
      return std::unique_ptr<TargetTask>(
          std::make_unique<RecordedTask>(replayed_, workload, dependencies_));
    }
    return Status::InvalidArgument(
        fmt::format("{}: cannot run {} ({}), it is a record of {}", name(), workload.name,
                    ToString(workload), is_any ? "some kernel: kernel:NAME" : ToInline(recorded_)));
  }

 private:
  const std::string path_;
  const std::shared_ptr<const ReplayedSpace> replayed_;
  const Dependencies dependencies_;  // what was read
  Workload recorded_;
};

}  // namespace

Result<std::unique_ptr<Target>> MakeRecordedTarget(Env& env, const std::string& path) {
  Dependencies dependencies;
  FOOTHOLD_RETURN_IF_ERROR(target::AddFile(env, target::FileName(path), path, dependencies));
  FOOTHOLD_ASSIGN_OR_RETURN(RecordedSpace recorded, ReadRecordedSpace(env, path));
  FOOTHOLD_ASSIGN_OR_RETURN(ReplayedSpace replayed,
                            ReplayedSpace::Create(std::move(recorded), path));
  return std::unique_ptr<Target>(std::make_unique<RecordedTarget>(
      path, std::make_shared<const ReplayedSpace>(std::move(replayed)), std::move(dependencies)));
}

}  // namespace foothold
