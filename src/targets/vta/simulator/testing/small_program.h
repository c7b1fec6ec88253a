#pragma once

#include <cstdint>

#include "targets/vta/isa/instruction.h"
#include "targets/vta/simulator/testing/random_program.h"
#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// One row of `count` elements from the start of the memory's tensor (the addresses of
/// RandomTensors, the default geometry) to the start of its scratchpad, or back.
Instruction Row(MemoryId memory, std::uint32_t count);
/// `count` iterations of micro-op 0; destination and source move with them.
Instruction Loop(Opcode opcode, std::uint32_t count);
/// A no-op of a unit.
Instruction NoOp(Unit unit);
Instruction Finish();

/// The least program of every kind of instruction, with correct tokens: 8 inputs times one weight
/// element, clipped, stored. Positions of its instructions:
struct OneTile {
  enum : std::size_t { kUop, kReset, kInp, kWgt, kGemm, kAlu, kStore, kJoin, kFinish };
};
TestProgram MakeOneTile();

}  // namespace foothold::vta
