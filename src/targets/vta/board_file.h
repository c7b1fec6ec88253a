#pragma once

#include <string>
#include <string_view>

#include "foothold/status.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/simulator/semantics.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// A board in one file (docs/formats/vta-board.md): what it is, and when it does things.
struct BoardFile {
  VtaConfigFile config;
  Timing timing;
  Semantics semantics = Semantics::kFsim;
};

/// The built-in board of a TARGET, with the default geometry and what its RTL fixes: Chisel's
/// ("tsim", "de10nano") holds 2,048 micro-ops whatever the configuration says. Without timing.
BoardFile BuiltinBoard(std::string_view target);

/// Reads either form: a board file of Foothold's, or a plain `vta_config.json`, whose TARGET names
/// the built-in timing profile ("sim" and the other software targets take pynq's, as in TVM).
/// Errors name `path`, the line and the field.
Result<BoardFile> ParseBoardFile(std::string_view json, std::string_view path);
/// The board file, version 1.
std::string ToJson(const BoardFile& board);

}  // namespace foothold::vta
