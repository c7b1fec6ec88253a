#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// One lane of an ALU instruction (docs/reference/vta-and-autotvm.md#what-instructions-do). SHR:
/// arithmetic right shift for amounts >= 0, left shift for negative ones; 32 or more shifts
/// everything out (right: the sign remains). ADD, MUL and left shifts wrap.
std::int32_t AluLane(AluOpcode opcode, std::int32_t a, std::int32_t b);

/// The Chisel RTL's SHR: by the low five bits of `b`, to the left by their two's complement where
/// the instruction's immediate is negative, whether or not it is used.
std::int32_t ChiselShift(std::int32_t a, std::int32_t b, bool immediate_is_negative);

/// Runs an ALU instruction's iterations in order on `acc`, elements of `lanes` int32 lanes. The
/// caller has checked every index. `uops` are those of [uop_begin, uop_end).
void RunAlu(const Instruction& instruction, std::span<const MicroOp> uops, std::size_t lanes,
            std::int32_t* acc);

}  // namespace foothold::vta
