#pragma once

#include <variant>

#include "foothold/workload.h"
#include "targets/vta/compiler/assembler.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/program.h"

namespace foothold::vta {

/// The program of one config of the extended template, or why there is none
/// (docs/targets/vta-extended.md lists the stages). O(instructions + micro-ops).
std::variant<DeviceProgram, Rejection> CompileExtended(const BlockedShape& shape,
                                                       const Requantize& requantize,
                                                       const Geometry& geometry,
                                                       const DramLayout& dram,
                                                       const ExtendedSchedule& schedule);

}  // namespace foothold::vta
