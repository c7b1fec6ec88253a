#pragma once

#include <memory>

#include "foothold/env.h"
#include "foothold/target.h"
#include "measure/device_task.h"
#include "measure/runner.h"

namespace foothold::measure {

/// For targets with a real device, and candidates that run in processes of their own: builds on
/// `jobs` >= 0 threads at once (0: one per core) while the device runs one candidate at a time. See
/// DeviceTask for what is believed of it, and RepeatingTask for how often a candidate is run.
/// `task` and `env` must outlive the runner.
std::unique_ptr<Runner> MakeDeviceRunner(const TargetTask& task, const RunOptions& options,
                                         const DeviceOptions& rules, const RepeatOptions& repeats,
                                         int jobs, Env& env);

}  // namespace foothold::measure
