#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/extended_kernels.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// A tensor of the output's shape that is added to the sums before the epilogue: its int8 values
/// times 2^(identity + left_shift).
struct Residual {
  std::uint64_t address = 0;           ///< in DRAM, in bytes
  std::uint64_t identity_address = 0;  ///< of a weight that is the identity matrix times 2^identity
  std::int64_t left_shift = 0;
};

/// A convolution or a dense layer, and what happens to its sums.
struct Layer {
  BlockedShape shape;
  Epilogue epilogue;
  std::optional<Residual> residual = {};
};

/// The program of one config of the extended template, or why there is none
/// (docs/targets/vta-extended.md lists the stages). O(instructions + micro-ops).
std::variant<DeviceProgram, Rejection> CompileExtended(const Layer& layer, const Geometry& geometry,
                                                       const DramLayout& dram,
                                                       const ExtendedSchedule& schedule);

}  // namespace foothold::vta
