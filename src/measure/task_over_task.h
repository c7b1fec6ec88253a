#pragma once

#include <vector>

#include "foothold/explanation.h"

namespace foothold::measure {

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
  const TaskTraits& traits() const override { return task_.traits(); }
  Result<Dependencies> DependsOn(Env& env) const override { return task_.DependsOn(env); }
  Explanation Explain(const Config& config) const override { return task_.Explain(config); }

 protected:
  const TargetTask& task() const { return task_; }

 private:
  const TargetTask& task_;
};

}  // namespace foothold::measure
