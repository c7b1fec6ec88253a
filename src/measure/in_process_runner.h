#pragma once

#include <memory>

#include "foothold/env.h"
#include "foothold/target.h"
#include "measure/runner.h"

namespace foothold::measure {

/// Builds and runs candidates on threads of this process: for targets that cannot harm it, such as
/// simulators. `jobs` >= 0 is the number of threads; 0 means one per core that this process may
/// use.
///
/// An exception that leaves the target, which is a bug of the target or a lack of memory, ends the
/// batch with Unavailable. `task` and `env` must outlive the runner.
std::unique_ptr<Runner> MakeInProcessRunner(const TargetTask& task, const RunOptions& options,
                                            int jobs, Env& env);

}  // namespace foothold::measure
