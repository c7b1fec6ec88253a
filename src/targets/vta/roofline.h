#pragma once

#include <string_view>

#include "foothold/workload.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// What no schedule can beat: every multiply with image data (padding need not be multiplied) at
/// one GEMM micro-op a cycle, or everything that is read or written crossing the DRAM port once at
/// its full width, whichever takes longer. Seconds.
struct Roofline {
  double compute_seconds = 0;
  double memory_seconds = 0;

  double Seconds() const {
    return compute_seconds > memory_seconds ? compute_seconds : memory_seconds;
  }
};

Roofline ComputeRoofline(const BlockedShape& shape, bool bias, const Geometry& geometry,
                         const Timing& timing);

/// The same with what the units of this machine cannot avoid either: the compute unit also resets
/// each accumulator and passes over it to make outputs of it; the load unit takes inputs and
/// weights one after the other, at the rate of an endless row, and starts anew whenever a
/// scratchpad is full; stores have a rate of their own. No loop and no other row has a cost here.
/// Seconds.
struct UnitBounds {
  double compute_seconds = 0;
  double load_seconds = 0;
  double store_seconds = 0;

  double Seconds() const;
  /// The unit that takes longest: "compute", "load" or "store".
  std::string_view Bottleneck() const;
};

UnitBounds ComputeUnitBounds(const BlockedShape& shape, const Requantize& requantize,
                             const Geometry& geometry, const Timing& timing);

/// 2 * multiply-accumulates per second with a GEMM micro-op in every cycle.
double PeakOperationsPerSecond(const Geometry& geometry, const Timing& timing);

}  // namespace foothold::vta
