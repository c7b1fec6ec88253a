#pragma once

#include <cstdint>
#include <variant>

#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// The program of a max-pool, or why there is none. `shape.batch` counts the planes, one for each
/// block of channels and of the batch; both channel counts are 1. Padding never wins; a window of
/// nothing but padding gives -128.
///
/// The accumulators get the inputs by a GEMM with the identity, which is at `identity_address`, and
/// the outputs by one MAX for each place in the window. Tiles are as large as two of them fit.
std::variant<DeviceProgram, Rejection> CompileMaxPool(const BlockedShape& shape,
                                                      std::uint64_t identity_address,
                                                      const Geometry& geometry,
                                                      const DramLayout& dram);

}  // namespace foothold::vta
