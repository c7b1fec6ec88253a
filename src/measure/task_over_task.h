#pragma once

#include <map>
#include <string>
#include <vector>

#include "foothold/target.h"

namespace foothold {

/// A task that is another one, `task()`, but for how candidates are built and run. That one must
/// outlive it.
class TaskOverTask : public TargetTask {
 public:
  explicit TaskOverTask(const TargetTask& task) : task_(task) {}
  // A task over another of these is no copy of it.
  TaskOverTask(const TaskOverTask&) = delete;
  TaskOverTask& operator=(const TaskOverTask&) = delete;

  const Workload& workload() const override { return task_.workload(); }
  const Space& space() const override { return task_.space(); }
  std::vector<Constraint> KnownConstraints() const override { return task_.KnownConstraints(); }
  BuildResult Build(const Config& config) const override { return task_.Build(config); }
  bool CandidatesCanHarmHost() const override { return task_.CandidatesCanHarmHost(); }
  bool TimesAreExact() const override { return task_.TimesAreExact(); }
  double BuildsPerTrial() const override { return task_.BuildsPerTrial(); }
  std::map<std::string, std::string> Context() const override { return task_.Context(); }
  Result<Dependencies> DependsOn(Env& env) const override { return task_.DependsOn(env); }
  Metrics DeviceNumbers() const override { return task_.DeviceNumbers(); }
  double PeakOperationsPerSecond() const override { return task_.PeakOperationsPerSecond(); }
  double RooflineSeconds() const override { return task_.RooflineSeconds(); }
  std::string Explain(const Config& config) const override { return task_.Explain(config); }
  std::string ExplainJson(const Config& config) const override { return task_.ExplainJson(config); }

 protected:
  const TargetTask& task() const { return task_; }

 private:
  const TargetTask& task_;
};

}  // namespace foothold
