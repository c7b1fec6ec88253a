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

}  // namespace foothold::vta
