#pragma once

#include <string>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::target {

/// The value of a file that a command names and that is not there. When one of this value appears,
/// candidates have made it, as a rule: see ChangesBetween.
inline constexpr const char* kAbsentFile = "absent";

/// Adds the content of the regular file `path` under `name`; of one that may be run and not read
/// its size.
Status AddFile(Env& env, const std::string& name, const std::string& path,
               Dependencies& dependencies);

/// The last part of a path: the name by which a user knows a file that a target is named after.
std::string FileName(const std::string& path);

/// The code of the running program: its file, and the libraries in it that do not belong to the
/// system. Hashed once: what is loaded does not change.
Result<Dependencies> ProgramDependencies(Env& env);

}  // namespace foothold::target
