#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// An instruction stream in an order in which it could run one instruction at a time, made safe for
/// units that run on their own: each instruction is told which earlier ones it must come after, and
/// the tokens that make it wait are set at once.
///
/// Units are in order, so waiting for one instruction of a unit is waiting for all before it: a
/// wait that an earlier one implies costs no token. What is left pairs up, the n-th push of a queue
/// with its n-th pop. Since every wait is for an earlier instruction, no stream can deadlock,
/// however short the command queues are.
class TokenStream {
 public:
  /// Position in the stream; kNone: no instruction.
  using Position = std::int64_t;
  static constexpr Position kNone = -1;

  void Reserve(std::size_t instructions) { instructions_.reserve(instructions); }

  /// Appends an instruction that runs after those at the positions given. Only those of a
  /// neighbouring unit cost a token; its own unit's come first anyway. REQUIRES: none is of a unit
  /// that is not a neighbour (load and store).
  Position Emit(const Instruction& instruction, Position after = kNone, Position and_after = kNone);

  Instruction& at(Position position) { return instructions_[static_cast<std::size_t>(position)]; }
  /// The last instruction of the store unit; kNone if there is none.
  Position last_store() const { return last_store_; }

  std::vector<Instruction> Take() { return std::move(instructions_); }

 private:
  enum Unit : std::size_t { kLoad = 0, kCompute = 1, kStore = 2, kUnits = 3 };
  static Unit UnitOf(const Instruction& instruction);

  std::vector<Instruction> instructions_;
  // The latest instruction of a unit (second index) that another one has waited for.
  std::array<std::array<Position, kUnits>, kUnits> waited_ = {
      {{kNone, kNone, kNone}, {kNone, kNone, kNone}, {kNone, kNone, kNone}}};
  Position last_store_ = kNone;
};

}  // namespace foothold::vta
