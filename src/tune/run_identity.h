#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/tuner.h"

namespace foothold {

/// The header that Tune writes for a run with these arguments.
RunHeader DescribeRun(const TargetTask& task, const std::string& target_name,
                      std::string_view searcher, const TunerOptions& options, Env& env);

/// The index in `log.runs` of the last run that `header` repeats: same target, workload, searcher,
/// seed and options. nullopt when there is none; DataLoss when there is one over other parameters,
/// whose configs mean something else now; its message begins with `path`.
Result<std::optional<std::size_t>> FindRun(const LogContents& log, const std::string& path,
                                           const RunHeader& header);

}  // namespace foothold
