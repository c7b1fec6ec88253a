#pragma once

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "measure/device_task.h"
#include "measure/task_over_task.h"

namespace foothold::measure {

/// Decides how often a candidate is run on a device, and accepts it there (DeviceTask::Accept) once
/// all of its runs were correct. Where times are not exact, Run of this is as many runs as `rules`
/// ask for, of which only the first one verifies the output. Where they are, a candidate is run
/// once; one that would be the best is run a second time, as everything else is held to it, unless
/// `rules.most_repeats` is 1. A candidate of which a later run fails is one that fails.
/// Thread-safe; `device` and `env` must outlive this.
class RepeatingTask final : public TaskOverTask {
 public:
  RepeatingTask(const DeviceTask& device, const RepeatOptions& rules, Env& env)
      : TaskOverTask(static_cast<const TargetTask&>(device)),
        device_(device),
        rules_(rules),
        env_(env) {}

  RunResult Run(const Program& program, const RunOptions& options) const override;

 private:
  struct Runs;

  bool IsEnough(const Runs& runs) const;
  bool IsEnoughOfExact(const Runs& runs) const;

  const DeviceTask& device_;
  const RepeatOptions rules_;
  Env& env_;
};

}  // namespace foothold::measure
