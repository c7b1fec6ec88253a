#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// What a program moves and computes, counted as TVM's functional simulator counts
/// (docs/reference/vta-and-autotvm.md#where-engines-differ): padding moves no bytes, a GEMM reset
/// is not counted, an operation is one micro-op of one iteration.
struct Work {
  struct Traffic {
    std::int64_t instructions = 0;  ///< without synchronisation no-ops
    std::int64_t rows = 0;          ///< read from or written to DRAM
    std::int64_t bytes = 0;
    std::int64_t pad_elements = 0;  ///< zeros written by loads
  };
  std::array<Traffic, 6> traffic;  ///< by MemoryId; ACC_8BIT apart from ACC
  std::int64_t instructions = 0;   ///< all, FINISH included
  std::int64_t syncs = 0;          ///< LOAD and STORE with x_size 0
  std::int64_t gemm_instructions = 0;
  std::int64_t reset_instructions = 0;
  std::int64_t alu_instructions = 0;
  std::int64_t gemm_ops = 0;  ///< fsim's gemm_counter
  std::int64_t reset_ops = 0;
  std::int64_t alu_ops = 0;  ///< fsim's alu_counter

  const Traffic& of(MemoryId memory) const { return traffic[static_cast<std::size_t>(memory)]; }
};

/// Counts up to and including the first FINISH.
Work CountWork(const Geometry& geometry, std::span<const Instruction> instructions);
/// The same for a program in outline. O(instructions that are written + parts that run).
Work CountWork(const Geometry& geometry, const ProgramOutline& outline);

/// log2 of the bytes that one element of a memory takes in DRAM.
int LogDramElementBytes(const Geometry& geometry, MemoryId memory);

}  // namespace foothold::vta
