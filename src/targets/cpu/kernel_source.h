#pragma once

#include <string>

#include "targets/cpu/nest.h"
#include "targets/cpu/schedule.h"

namespace foothold::cpu {

/// The C functions of a program that depend on the schedule's structure and not only on its
/// numbers. They use the constants and macros of program_source.cc.

/// `transpose(from, from_stride, to, to_stride)`: of a block of VECTOR x VECTOR floats.
std::string TransposeSource(const Schedule& schedule);

/// The register blocks, one function for each size that occurs, and `sweep`, which covers the
/// pixels of a tile with them.
std::string KernelSource(const Nest& nest, const Schedule& schedule);

}  // namespace foothold::cpu
