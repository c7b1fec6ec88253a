#pragma once

#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::command {

/// The target "command:<path>": candidates are built and run by commands of the user's own
/// (docs/formats/command-target.md), in child processes with limits. `env` must outlive the target
/// and its tasks. Errors of the file name file, line and field.
Result<std::unique_ptr<Target>> MakeCommandTarget(Env& env, const std::string& path);

}  // namespace foothold::command
