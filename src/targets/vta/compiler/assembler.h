#pragma once

#include <cstdint>
#include <variant>

#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/lowered_program.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// Where the tensors of a workload lie in DRAM: byte addresses, page-aligned, none overlapping.
struct DramLayout {
  std::uint64_t inp = 0;
  std::uint64_t wgt = 0;
  std::uint64_t bias = 0;
  std::uint64_t out = 0;
  std::uint64_t uop = 0;
};
DramLayout LayOut(const BlockedShape& shape, const Geometry& geometry);

/// Turns a lowered program into the instruction stream that VTA's runtime would record for it
/// (docs/reference/vta-and-autotvm.md#instruction-stream, up to no-ops), checking what the
/// runtime's JIT checks and that every instruction field holds its value. O(instructions).
/// Thread-safe.
std::variant<DeviceProgram, Rejection> Assemble(const LoweredProgram& lowered,
                                                const Geometry& geometry, const DramLayout& dram);

/// The same program in outline: tiles with the same instructions, but for addresses, are written
/// once. Addresses that are equal modulo `address_period` bytes, a power of two, count as the same
/// (1: all do). O(instructions of one tile of each kind + tiles). Thread-safe.
std::variant<ProgramOutline, Rejection> AssembleOutline(const LoweredProgram& lowered,
                                                        const Geometry& geometry,
                                                        const DramLayout& dram,
                                                        std::int64_t address_period);

}  // namespace foothold::vta
