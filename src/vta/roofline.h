#pragma once

#include "vta/compiler/blocked_shape.h"
#include "vta/isa/hardware.h"
#include "vta/simulator/timing.h"

namespace foothold::vta {

/// What no schedule can beat: every multiply at one GEMM micro-op a cycle, or every tensor crossing
/// the DRAM port once at its full width, whichever takes longer. Seconds.
struct Roofline {
  double compute_seconds = 0;
  double memory_seconds = 0;

  double Seconds() const {
    return compute_seconds > memory_seconds ? compute_seconds : memory_seconds;
  }
};

Roofline ComputeRoofline(const BlockedShape& shape, bool bias, const Geometry& geometry,
                         const Timing& timing);

/// 2 * multiply-accumulates per second with a GEMM micro-op in every cycle.
double PeakOperationsPerSecond(const Geometry& geometry, const Timing& timing);

}  // namespace foothold::vta
