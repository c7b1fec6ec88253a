// The target that answers from a recorded space.
#include <fmt/core.h>

#include <utility>

#include "base/json.h"
#include "core/target/dependencies.h"
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

/// Stands for what building the config made.
class RecordedProgram : public Program {
 public:
  explicit RecordedProgram(const RecordedTrial& trial) : trial_(trial) {}
  const Metrics& metrics() const override { return metrics_; }
  const RecordedTrial& trial() const { return trial_; }

 private:
  const RecordedTrial& trial_;
  const Metrics metrics_;  // a recorded metric may come from a run
};

class RecordedTask : public TargetTask {
 public:
  RecordedTask(std::shared_ptr<const ReplayedSpace> replayed, Workload workload,
               Dependencies dependencies)
      : replayed_(std::move(replayed)),
        workload_(std::move(workload)),
        dependencies_(std::move(dependencies)) {}

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return replayed_->space(); }

  BuildResult Build(const Config& config) const override {
    if (!space().IsValid(config)) {
      return {nullptr, Failure{Outcome::kConstraints, "space", "was not recorded"}};
    }
    const RecordedTrial& trial = replayed_->trial(config);
    if (!WasBuilt(trial)) return {nullptr, FailureOf(trial)};
    return {std::make_unique<RecordedProgram>(trial), {}};
  }

  RunResult Run(const Program& program, const RunOptions& options) const override {
    const RecordedTrial& trial = static_cast<const RecordedProgram&>(program).trial();
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
  bool CandidatesCanHarmHost() const override { return false; }
  std::string Explain(const Config& config) const override;
  std::string ExplainJson(const Config& config) const override;

 private:
  const std::shared_ptr<const ReplayedSpace> replayed_;
  const Workload workload_;
  const Dependencies dependencies_;
};

std::string RecordedTask::Explain(const Config& config) const {
  std::string text = fmt::format("workload  {}\ntarget    {}, replayed\nconfig    {}  (index {})\n",
                                 foothold::ToString(workload_), replayed_->recorded().device,
                                 replayed_->ToString(config), space().IndexOf(config));
  if (!space().IsValid(config)) return text + "outcome   was not recorded\n";
  const RecordedTrial& trial = replayed_->trial(config);
  if (trial.outcome == Outcome::kCorrect) {
    text += fmt::format("outcome   correct: {:.3f} ms\n", Seconds(trial) * 1e3);
  } else {
    text += fmt::format("outcome   {}: {}\n", foothold::ToString(trial.outcome),
                        FailureOf(trial).reason);
  }
  text += fmt::format("cost      {:.3f} s, of which compiling {:.3f} s\n",
                      replayed_->TrialCost(trial), BuildCost(trial));
  for (const auto& [name, value] : trial.metrics)
    text += fmt::format("  {:20} {:>13}\n", name, value);
  return text;
}

std::string RecordedTask::ExplainJson(const Config& config) const {
  Json json = {{"workload", foothold::ToString(workload_)},
               {"target", replayed_->recorded().device},
               {"config", replayed_->ToString(config)},
               {"index", space().IndexOf(config)},
               {"recorded", space().IsValid(config)}};
  if (!space().IsValid(config)) return json.Dump();
  const RecordedTrial& trial = replayed_->trial(config);
  json["outcome"] = foothold::ToString(trial.outcome);
  if (trial.outcome == Outcome::kCorrect) {
    json["seconds"] = Seconds(trial);
  } else {
    json["stage"] = FailureOf(trial).stage;
  }
  json["cost_s"] = replayed_->TrialCost(trial);
  json["compile_s"] = BuildCost(trial);
  json["metrics"] = trial.metrics;
  return json.Dump();
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
  FOOTHOLD_RETURN_IF_ERROR(AddFile(env, FileName(path), path, dependencies));
  FOOTHOLD_ASSIGN_OR_RETURN(RecordedSpace recorded, ReadRecordedSpace(env, path));
  FOOTHOLD_ASSIGN_OR_RETURN(ReplayedSpace replayed,
                            ReplayedSpace::Create(std::move(recorded), path));
  return std::unique_ptr<Target>(std::make_unique<RecordedTarget>(
      path, std::make_shared<const ReplayedSpace>(std::move(replayed)), std::move(dependencies)));
}

}  // namespace foothold
