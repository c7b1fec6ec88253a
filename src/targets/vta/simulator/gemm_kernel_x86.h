#pragma once

#include <memory>

#include "targets/vta/simulator/gemm_kernel.h"

namespace foothold::vta {

/// The kernels for x86-64, compiled for instructions that only some machines have; nothing outside
/// them is. Both take BLOCK 8, 16 and 32 with any BATCH. Elsewhere than on x86-64 they support
/// nothing.
bool SupportsAvx2(const Geometry& geometry);
bool SupportsAvx512Vnni(const Geometry& geometry);

/// REQUIRES: the matching Supports.
std::unique_ptr<GemmKernel> MakeAvx2GemmKernel(const Geometry& geometry);
std::unique_ptr<GemmKernel> MakeAvx512VnniGemmKernel(const Geometry& geometry);

}  // namespace foothold::vta
