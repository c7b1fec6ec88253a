#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/target.h"
#include "records/log/problems.h"

namespace foothold::cli {

/// Notes for whoever reads an answer that was taken from the newest version alone: which runs were
/// left out and what has changed since them; and if `task` is given, what has changed since the
/// newest run, so that its answer is one about the past. One line each, without "foothold: ".
std::vector<std::string> VersionNotes(const records::Versions& versions, const TargetTask* task,
                                      Env& env);

/// "1", "1 and 3", "1, 2 and 5": the runs' numbers.
std::string RunNumbers(const std::vector<const RunLog*>& runs);

}  // namespace foothold::cli
