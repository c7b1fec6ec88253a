#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// A target that a user can name.
struct TargetInfo {
  std::string name;         ///< "vta:pynq"
  std::string description;  ///< one line
};

/// The built-in targets in alphabetical order. Files can name more: see MakeTarget.
FOOTHOLD_EXPORT std::vector<TargetInfo> ListTargets();

/// "vta:<machine>" for a built-in machine, or "vta:<path>.json" for the geometry in a
/// `vta_config.json`; with ":extended" behind it, Foothold's own schedule space instead of TVM's.
/// "replay:<path>" for the exploration in a file (docs/formats/exploration.md), or for what another
/// tuner recorded (foothold/replayed_space.h). "command:<path>.json" for commands of the user's
/// own. "opencl:<path>.json" for the OpenCL kernel of a T1 file. `env` must outlive the target.
/// NotFound with the known names when there is no such target; errors of the file name file, line
/// and field.
FOOTHOLD_EXPORT Result<std::unique_ptr<Target>> MakeTarget(Env& env, std::string_view name);

}  // namespace foothold
