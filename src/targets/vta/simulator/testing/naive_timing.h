#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "targets/vta/isa/instruction.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// Start and end of every instruction up to FINISH.
struct NaiveTimes {
  std::vector<std::int64_t> start;
  std::vector<std::int64_t> end;
  std::int64_t finish = 0;
};

/// The judge of the engine: the machine's rules as equations between times (a unit is in order; an
/// instruction waits for its fetch, for the tokens that match its pops, and its end for room in the
/// token queues it pushes to; fetch waits for room in the command queues), solved by repeating them
/// until nothing changes. Transfers do not contend: compare with a Timing whose port is fast.
/// REQUIRES: the program does not deadlock; fetch_per_instruction is a whole number.
NaiveTimes SolveTimes(std::span<const Instruction> program, const CostModel& costs,
                      const Timing& timing);

}  // namespace foothold::vta
