#pragma once

#include <cstdint>
#include <string_view>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// The units that run decoupled. Fetch hands instructions to the other three.
enum class Unit : std::uint8_t { kLoad = 0, kCompute = 1, kStore = 2, kFetch = 3 };
inline constexpr int kExecutingUnits = 3;
inline constexpr int kUnits = 4;
std::string_view ToString(Unit unit);  ///< "load", "compute", "store", "fetch"

/// The dependency queues (docs/reference/vta-and-autotvm.md#modules-and-queues). Tokens carry no
/// payload.
enum class TokenQueue : std::uint8_t {
  kLoadToCompute = 0,
  kComputeToLoad = 1,
  kComputeToStore = 2,
  kStoreToCompute = 3,
};
inline constexpr int kTokenQueues = 4;
std::string_view ToString(TokenQueue queue);  ///< "load->compute", ...

/// A set of token queues: bit q stands for TokenQueue(q).
using TokenMask = std::uint8_t;
constexpr TokenMask Bit(TokenQueue queue) {
  return static_cast<TokenMask>(1U << static_cast<unsigned>(queue));
}
constexpr Unit Producer(TokenQueue queue) {
  constexpr Unit kProducers[] = {Unit::kLoad, Unit::kCompute, Unit::kCompute, Unit::kStore};
  return kProducers[static_cast<int>(queue)];
}
constexpr Unit Consumer(TokenQueue queue) {
  constexpr Unit kConsumers[] = {Unit::kCompute, Unit::kLoad, Unit::kStore, Unit::kCompute};
  return kConsumers[static_cast<int>(queue)];
}

/// Which unit runs an instruction: STORE in store, LOAD of INP or WGT in load, all else in compute.
constexpr Unit Route(const Instruction& instruction) {
  if (instruction.opcode == Opcode::kStore) return Unit::kStore;
  if (instruction.opcode != Opcode::kLoad) return Unit::kCompute;
  return instruction.memory == MemoryId::kInp || instruction.memory == MemoryId::kWgt
             ? Unit::kLoad
             : Unit::kCompute;
}

/// Whether the machine has such an operation: opcode, memory and ALU opcode exist, and data is
/// neither loaded into OUT nor stored from anything else.
constexpr bool IsDefined(const Instruction& i) {
  switch (i.opcode) {
    case Opcode::kLoad:
      return i.memory <= MemoryId::kAcc8 && (i.memory != MemoryId::kOut || i.x_size == 0);
    case Opcode::kStore:
      return i.memory <= MemoryId::kAcc8 && (i.memory == MemoryId::kOut || i.x_size == 0);
    case Opcode::kAlu:
      return i.alu_opcode <= AluOpcode::kMul;
    case Opcode::kGemm:
    case Opcode::kFinish:
      return true;
  }
  return false;
}

/// Whether pop_prev and push_prev (pop_next and push_next) mean anything to a unit: they name its
/// neighbours in the order load, compute, store. Flags without a neighbour are ignored, as in the
/// hardware.
constexpr bool HasPrev(Unit unit) { return unit == Unit::kCompute || unit == Unit::kStore; }
constexpr bool HasNext(Unit unit) { return unit == Unit::kLoad || unit == Unit::kCompute; }
/// The queue that a flag names. REQUIRES: HasPrev or HasNext.
constexpr TokenQueue PrevPop(Unit unit) {
  return unit == Unit::kCompute ? TokenQueue::kLoadToCompute : TokenQueue::kComputeToStore;
}
constexpr TokenQueue NextPop(Unit unit) {
  return unit == Unit::kCompute ? TokenQueue::kStoreToCompute : TokenQueue::kComputeToLoad;
}
constexpr TokenQueue PrevPush(Unit unit) {
  return unit == Unit::kCompute ? TokenQueue::kComputeToLoad : TokenQueue::kStoreToCompute;
}
constexpr TokenQueue NextPush(Unit unit) {
  return unit == Unit::kCompute ? TokenQueue::kComputeToStore : TokenQueue::kLoadToCompute;
}

/// The queues an instruction pops before and pushes after.
constexpr TokenMask PopMask(Unit unit, const Instruction& i) {
  unsigned mask = 0;
  if (i.pop_prev && HasPrev(unit)) mask |= Bit(PrevPop(unit));
  if (i.pop_next && HasNext(unit)) mask |= Bit(NextPop(unit));
  return static_cast<TokenMask>(mask);
}
constexpr TokenMask PushMask(Unit unit, const Instruction& i) {
  unsigned mask = 0;
  if (i.push_prev && HasPrev(unit)) mask |= Bit(PrevPush(unit));
  if (i.push_next && HasNext(unit)) mask |= Bit(NextPush(unit));
  return static_cast<TokenMask>(mask);
}

}  // namespace foothold::vta
