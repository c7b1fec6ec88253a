#pragma once

#include <optional>

#include "network/graph/graph.h"
#include "targets/vta/compiler/extended_kernels.h"

// The arithmetic of networks that are quantised for shifts
// (docs/concepts/network.md#integers-with-shifts-alone).
namespace foothold::network {

/// Of int8 values whose scale is a power of two and whose zero point is 0: the power.
std::optional<int> ExponentOf(const Value& value);

/// The epilogue that shifts sums to the right and clamps them as `output` has it. REQUIRES:
/// ExponentOf(output).
vta::Epilogue ShiftAndClamp(int shift, const Clamp& clamp, const Value& output);

/// The largest shift to the right; sums have 32 bits.
inline constexpr int kMostShift = 30;

}  // namespace foothold::network
