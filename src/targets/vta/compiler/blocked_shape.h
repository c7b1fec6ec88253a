#pragma once

#include <cstdint>

#include "foothold/status.h"
#include "foothold/workload.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// A convolution in units of VTA elements: channels and batch counted in blocks
/// (docs/reference/vta-and-autotvm.md#tensor-layouts). A dense layer has height = width = kernel
/// = 1.
///
/// Sizes that are no multiple of their block are rounded up; the rest of the block is zeros, and so
/// are their products. Groups of channels that do not fill whole blocks share them: neighbouring
/// groups become one, whose weights are zero between channels of different groups
/// (docs/targets/vta.md#sizes-that-fill-no-block).
///
/// A transposed convolution is a plain one of an input whose values stand `stride` positions apart.
/// The zeros between them are either in DRAM, written by the host (SpreadByHost), or nowhere:
/// then `upsample` is the stride.
struct BlockedShape {
  std::int64_t batch = 1;         ///< N / BATCH
  std::int64_t in_channels = 1;   ///< CI / BLOCK_IN, of all groups
  std::int64_t out_channels = 1;  ///< CO / BLOCK_OUT, of all groups
  std::int64_t height = 1;        ///< lines of the input in DRAM
  std::int64_t width = 1;
  std::int64_t out_height = 1;
  std::int64_t out_width = 1;
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
  std::int64_t pad_h = 0;  ///< above and left
  std::int64_t pad_w = 0;
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;
  std::int64_t pad_bottom = 0;
  std::int64_t pad_right = 0;
  std::int64_t dilation_h = 1;
  std::int64_t dilation_w = 1;
  std::int64_t groups = 1;
  std::int64_t upsample_h = 1;  ///< image lines for each line in DRAM; those between are zero
  std::int64_t upsample_w = 1;
  std::int64_t host_step_h = 1;  ///< lines in DRAM for each line of the workload's input
  std::int64_t host_step_w = 1;

  std::int64_t group_in() const { return in_channels / groups; }
  std::int64_t group_out() const { return out_channels / groups; }
  /// Groups whose channels a tile of `out` output blocks, which divides group_out() or is a
  /// multiple of it, belongs to.
  std::int64_t GroupsOf(std::int64_t out) const {
    return out > group_out() ? out / group_out() : 1;
  }
  bool pads_rows() const { return pad_h > 0 || pad_bottom > 0; }
  bool pads_columns() const { return pad_w > 0 || pad_right > 0; }

  std::int64_t InputElements() const { return batch * in_channels * height * width; }
  std::int64_t WeightElements() const { return out_channels * group_in() * kernel_h * kernel_w; }
  std::int64_t BiasElements() const { return batch * out_channels; }
  std::int64_t OutputElements() const { return batch * out_channels * out_height * out_width; }
};

/// InvalidArgument for a workload that is no convolution or dense layer.
Result<BlockedShape> BlockShape(const Workload& workload, const Geometry& geometry);

/// The same with zeros in DRAM in the place of `upsample`.
BlockedShape SpreadByHost(const BlockedShape& shape);

}  // namespace foothold::vta
