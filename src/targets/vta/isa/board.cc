#include "targets/vta/isa/board.h"

#include <algorithm>
#include <array>

namespace foothold::vta {
namespace {

// "sim" has no board of its own: upstream gives it pynq's figures.
constexpr std::array<BoardFacts, 5> kBoards = {{
    {"de10nano", "5CSEBA6U23I7", "Cyclone V", 100, 8, {}},
    {"pynq", "xc7z020clg484-1", "Zynq-7000", 100, 8, {}},
    {"sim", "simulated, with pynq's figures", "Zynq-7000", 100, 8, {}},
    {"ultra96", "xczu3eg-sbva484-1-e", "Zynq UltraScale+", 333, 16, {}},
    {"zcu104", "xczu7ev-ffvc1156-2-e", "Zynq UltraScale+", 333, 16, {}},
}};

}  // namespace

std::span<const BoardFacts> Boards() { return kBoards; }

const BoardFacts* FindBoard(std::string_view name) {
  const auto board = std::find_if(kBoards.begin(), kBoards.end(),
                                  [name](const BoardFacts& facts) { return facts.name == name; });
  return board == kBoards.end() ? nullptr : &*board;
}

}  // namespace foothold::vta
