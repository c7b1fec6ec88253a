#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/tuner.h"

namespace foothold::tune {

/// The header that Tune writes for a run with these arguments. Fails when something that the run
/// depends on cannot be read.
Result<RunHeader> DescribeRun(const TargetTask& task, const std::string& target_name,
                              std::string_view searcher, const TunerOptions& options, Env& env);

/// What a log holds of a run that is to be done.
struct FoundRun {
  /// In `log.runs`: the run to resume; nullopt when a new one begins.
  std::optional<std::size_t> index;
  /// In `log.runs`: the last run of the same arguments, where something has changed since.
  std::optional<std::size_t> changed_since;
  std::vector<Change> changes;  ///< since that one
};

/// Which run of the log `header` continues: the last one of the same arguments, parameters and
/// dependencies. Where there is none, it is the last one of the same arguments if what that one
/// depended on was not recorded, or if `resume` says to ignore what has changed. InvalidArgument,
/// beginning with `path`, when changes are to be ignored and the parameters have changed: the
/// configs of that run mean something else now.
Result<FoundRun> FindRun(const LogContents& log, const std::string& path, const RunHeader& header,
                         Resume resume);

/// The runs of the log that `header` may learn from though it is written to the same log: those of
/// the same target and workload that depended on something else. What they hold does not change
/// when `header`'s own run is resumed.
std::vector<EarlierRun> RunsOfOtherVersions(const LogContents& log, const RunHeader& header);

/// Names of what is not as `header` says any more: it changed while the run was under way. What
/// cannot be read now has changed, too.
std::vector<std::string> ChangedMeanwhile(const TargetTask& task, const RunHeader& header,
                                          const TunerOptions& options, Env& env);

}  // namespace foothold::tune
