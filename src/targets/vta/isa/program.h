#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// A complete VTA program: what the driver copies to the device. Positions of tensors are byte
/// addresses in DRAM; each memory type has its own tensor, and an instruction's dram_base counts
/// elements of its memory from address 0.
struct DeviceProgram {
  std::vector<Instruction> instructions;
  std::vector<MicroOp> uops;  ///< the DRAM image that LOAD UOP reads

  std::uint64_t uop_address = 0;
  std::uint64_t inp_address = 0;
  std::uint64_t wgt_address = 0;
  std::uint64_t acc_address = 0;  ///< bias, or initial accumulators
  std::uint64_t out_address = 0;
};

/// A stretch of a program's instructions: [begin, end).
struct InstructionRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A program that repeats itself, for its time alone: parts that differ in nothing that takes time
/// are written once, with the addresses of the first. O(what differs) where the program is O(what
/// runs).
struct ProgramOutline {
  DeviceProgram program;                ///< `instructions` are those of the parts
  std::vector<InstructionRange> parts;  ///< none is empty
  std::vector<std::uint32_t> order;     ///< the parts that run, one after the other, as indices

  /// A program that is written out: one part.
  static ProgramOutline Of(DeviceProgram program) {
    ProgramOutline outline{std::move(program), {}, {}};
    if (outline.program.instructions.empty()) return outline;
    outline.parts = {{0, static_cast<std::uint32_t>(outline.program.instructions.size())}};
    outline.order = {0};
    return outline;
  }
  /// Then `program` is the program itself.
  bool written_out() const { return order.size() <= 1; }
  std::size_t instructions() const {
    std::size_t count = 0;
    for (const std::uint32_t part : order) count += parts[part].end - parts[part].begin;
    return count;
  }
};

}  // namespace foothold::vta
