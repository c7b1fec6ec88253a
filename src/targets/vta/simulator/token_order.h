#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "targets/vta/isa/instruction.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// How a run in token order ended.
struct TokenOrderEnd {
  bool finished = false;                            ///< FINISH ran
  std::size_t program_end = 0;                      ///< one past FINISH, or the size of the program
  std::array<std::int64_t, kTokenQueues> tokens{};  ///< left over, by TokenQueue
  std::string stuck;              ///< what each stuck unit waits for; empty when all ran
  std::int64_t first_stuck = -1;  ///< an instruction
};

/// Calls `execute` once for each instruction up to FINISH in an order that the tokens allow: each
/// unit in program order, and of the units that need not wait for a token the one whose instruction
/// comes first in the program. Queues are unbounded. Stops when `execute` returns false.
TokenOrderEnd RunInTokenOrder(
    std::span<const Instruction> program,
    const std::function<bool(std::uint32_t, const Instruction&)>& execute);

}  // namespace foothold::vta
