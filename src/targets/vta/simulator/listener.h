#pragma once

#include <cstdint>

#include "targets/vta/isa/instruction.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// One instruction that a unit has run. Times in cycles since launch. The unit was idle from
/// `idle_from` to `start`, first because the instruction had not been fetched, then for its tokens.
struct InstructionEvent {
  std::uint32_t index = 0;
  Unit unit = Unit::kLoad;
  const Instruction* instruction = nullptr;
  std::int64_t idle_from = 0;
  std::int64_t arrival = 0;     ///< fetch put it into the unit's queue
  std::int64_t token_prev = 0;  ///< when the token of pop_prev was there; 0 if it pops none
  std::int64_t token_next = 0;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t port_delay = 0;  ///< of end - start, waiting for the DRAM port
};

/// Told of every instruction as it starts, in the order of their starts. Views are listeners.
class SimulationListener {
 public:
  virtual ~SimulationListener() = default;
  virtual void OnInstruction(const InstructionEvent& event) = 0;
};

}  // namespace foothold::vta
