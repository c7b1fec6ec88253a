#include "targets/vta/compiler/token_stream.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::vta {

TokenStream::Unit TokenStream::UnitOf(const Instruction& instruction) {
  if (instruction.opcode == Opcode::kStore) return kStore;
  const bool operands =
      instruction.opcode == Opcode::kLoad &&
      (instruction.memory == MemoryId::kInp || instruction.memory == MemoryId::kWgt);
  return operands ? kLoad : kCompute;
}

TokenStream::Position TokenStream::Emit(const Instruction& instruction, Position after,
                                        Position and_after) {
  const auto position = static_cast<Position>(instructions_.size());
  Instruction& emitted = instructions_.emplace_back(instruction);
  const Unit unit = UnitOf(instruction);
  std::array<Position, kUnits> latest = {kNone, kNone, kNone};
  for (const Position needed : {after, and_after}) {
    if (needed == kNone) continue;
    FOOTHOLD_CHECK(needed < position, "a wait for a later instruction");
    Position& of_unit = latest[UnitOf(at(needed))];
    of_unit = std::max(of_unit, needed);
  }
  for (const Unit other : {kLoad, kCompute, kStore}) {
    if (other == unit || latest[other] <= waited_[unit][other]) continue;
    FOOTHOLD_CHECK(other + 1 == unit || unit + 1 == other, "load and store share no tokens");
    waited_[unit][other] = latest[other];
    Instruction& producer = at(latest[other]);
    if (other < unit) {
      producer.push_next = true;
      emitted.pop_prev = true;
    } else {
      producer.push_prev = true;
      emitted.pop_next = true;
    }
  }
  if (unit == kStore) last_store_ = position;
  return position;
}

}  // namespace foothold::vta
