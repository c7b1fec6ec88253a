#pragma once

#include <map>
#include <string>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/tuner.h"

namespace foothold::tune {

/// The dependency that is the processor of the host, where times are measured on it. Those that
/// follow from the space are named in records/log/changes.h.
inline constexpr const char* kHostProcessor = "host processor";

/// The space's constraints, and how many configs are valid and which, if it has any constraints.
void AddConstraints(const Space& space, Dependencies& dependencies);

/// What the results of tuning `task` with these options depend on, as it is now: TargetTask's own
/// dependencies, its space's constraints, the files of options.depends, and where times are
/// measured the host. `machine` is DescribeMachine's. InvalidArgument or NotFound, naming it, for
/// what options.depends names and cannot be read.
Result<Dependencies> DependenciesOf(const TargetTask& task, const TunerOptions& options,
                                    const std::map<std::string, std::string>& machine, Env& env);

}  // namespace foothold::tune
