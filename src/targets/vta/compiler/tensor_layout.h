#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "foothold/workload.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// A workload's tensors as VTA wants them in DRAM
/// (docs/reference/vta-and-autotvm.md#tensor-layouts): channels and batch in blocks, blocks
/// innermost, filled up with zeros. Biases are repeated for every batch row. Little-endian.
struct PackedTensors {
  std::vector<std::byte> input;   ///< NCHWnc or NCnc, int8
  std::vector<std::byte> weight;  ///< OIHWoi or OIoi, int8; of a transposed convolution turned
  std::vector<std::byte> bias;    ///< (N/B, CO/BO, B, BO), int32; empty without bias
};

/// REQUIRES: `shape` is BlockShape(workload, geometry), or that spread by the host; tensors of the
/// workload's sizes.
PackedTensors Pack(const Workload& workload, const BlockedShape& shape, const Geometry& geometry,
                   const Tensors& tensors);

/// The output in VTA's layout (NCHWnc or NCnc, int8), for comparison with what a program stores:
/// where a block is filled up, what a sum of nothing becomes. REQUIRES: BlockShape(workload,
/// geometry).ok(); `output` is row-major NCHW (or NO) of the workload's size, `bias` that of its
/// tensors.
std::vector<std::byte> PackOutput(const Workload& workload, const Geometry& geometry,
                                  std::span<const std::int8_t> output,
                                  std::span<const std::int32_t> bias = {});

/// Where a byte of the packed output stands in the workload's own layout, for messages:
/// index into the row-major NCHW (or NO) output, or -1 where a block is filled up.
std::int64_t UnpackedOutputIndex(const Workload& workload, const Geometry& geometry,
                                 std::int64_t packed_index);

}  // namespace foothold::vta
