#pragma once

#include <array>
#include <cstdint>

#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/cost_model.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// What arithmetic says of a program's time, without a clock, queues or a shared DRAM port: each
/// instruction at the cost it has with the machine to itself. Cycles.
struct ProgramBound {
  std::array<std::int64_t, kExecutingUnits> busy{};  ///< by Unit: all its instructions
  /// What no run can beat: the longest of three chains that data must pass. What is computed from
  /// the first data on, and the last stores; all loads, and what is computed and stored after the
  /// last; what is computed before the first store, and all stores. Never below one unit's busy
  /// cycles.
  std::int64_t lower = 0;
  /// The first chain with the stalls of the compute unit added, or `lower` where that is more. A
  /// stall is judged alone: a transfer that may begin when some computation is done, and that a
  /// later one waits for, stalls by what it takes longer than the computations between the two.
  /// May err on either side: stalls hide one another, and transfers share the port.
  std::int64_t estimate = 0;

  std::int64_t of(Unit unit) const { return busy[static_cast<std::size_t>(unit)]; }
  /// If nothing overlapped.
  std::int64_t serial() const { return busy[0] + busy[1] + busy[2]; }
};

/// Goes over what is written, up to and including the first FINISH; nothing is simulated.
ProgramBound BoundProgram(const ProgramOutline& outline, const CostModel& costs);

}  // namespace foothold::vta
