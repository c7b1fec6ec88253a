#pragma once

#include <span>
#include <string_view>

#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// What a board is, timing apart (docs/reference/vta-and-autotvm.md#boards).
struct BoardFacts {
  std::string_view name;    ///< the TARGET of vta_config.json
  std::string_view device;  ///< the part
  std::string_view family;
  int clock_mhz = 0;
  int axi_bus_bytes = 0;  ///< per clock cycle
  Geometry geometry;      ///< of the bitstream that upstream distributes
};

/// In alphabetical order of the names. All share the default geometry.
std::span<const BoardFacts> Boards();
/// nullptr when there is no such board.
const BoardFacts* FindBoard(std::string_view name);

}  // namespace foothold::vta
