#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/simulator/dram.h"

namespace foothold::vta {

/// The memories after a run.
struct NaiveResult {
  std::vector<std::byte> out;  ///< the OUT tensor
  std::vector<std::int32_t> acc;
  std::vector<std::int8_t> out_scratchpad;
};

/// The judge of the simulator's semantics: instructions one at a time in program order, plain loops
/// straight from docs/reference/vta-and-autotvm.md#what-instructions-do, scratchpads as plain
/// arrays of scalars. REQUIRES: every address is in range; each memory is loaded from its own
/// tensor.
NaiveResult RunNaively(const Geometry& geometry, const DeviceProgram& program, const Dram& dram);

}  // namespace foothold::vta
