#pragma once

#include <cstdint>
#include <string_view>

#include "vta/isa/instruction.h"

namespace foothold::vta {

/// The units that run decoupled. Fetch hands instructions to the other three.
enum class Unit : std::uint8_t { kLoad = 0, kCompute = 1, kStore = 2, kFetch = 3 };
inline constexpr int kExecutingUnits = 3;
inline constexpr int kUnits = 4;
std::string_view ToString(Unit unit);  ///< "load", "compute", "store", "fetch"

/// The dependency queues (reference C.1). Tokens carry no payload.
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

/// The queues an instruction pops before and pushes after. Flags without a partner (pop_prev and
/// push_prev in load, pop_next and push_next in store) select nothing, as in the hardware.
constexpr TokenMask PopMask(Unit unit, const Instruction& i) {
  const unsigned prev = i.pop_prev ? 1 : 0;
  const unsigned next = i.pop_next ? 1 : 0;
  if (unit == Unit::kLoad) return static_cast<TokenMask>(next << 1);
  if (unit == Unit::kStore) return static_cast<TokenMask>(prev << 2);
  return static_cast<TokenMask>(prev | next << 3);
}
constexpr TokenMask PushMask(Unit unit, const Instruction& i) {
  const unsigned prev = i.push_prev ? 1 : 0;
  const unsigned next = i.push_next ? 1 : 0;
  if (unit == Unit::kLoad) return static_cast<TokenMask>(next);
  if (unit == Unit::kStore) return static_cast<TokenMask>(prev << 3);
  return static_cast<TokenMask>(prev << 1 | next << 2);
}

}  // namespace foothold::vta
