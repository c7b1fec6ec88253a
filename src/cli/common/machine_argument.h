#pragma once

#include <string_view>

#include "foothold/env.h"
#include "foothold/status.h"
#include "targets/vta/vta_target.h"

namespace foothold::cli {

/// The machine behind a target name: "vta:pynq", "vta:FILE.json".
Result<vta::VtaMachine> FindVtaMachine(Env& env, std::string_view target);

}  // namespace foothold::cli
