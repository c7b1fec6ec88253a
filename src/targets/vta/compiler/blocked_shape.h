#pragma once

#include <cstdint>

#include "foothold/status.h"
#include "foothold/workload.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// A conv2d in units of VTA elements: channels and batch counted in blocks
/// (docs/reference/vta-and-autotvm.md#tensor-layouts). A dense layer has height = width = kernel
/// = 1.
struct BlockedShape {
  std::int64_t batch = 1;         ///< N / BATCH
  std::int64_t in_channels = 1;   ///< CI / BLOCK_IN
  std::int64_t out_channels = 1;  ///< CO / BLOCK_OUT
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t out_height = 1;
  std::int64_t out_width = 1;
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
  std::int64_t pad_h = 0;
  std::int64_t pad_w = 0;
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;

  std::int64_t InputElements() const { return batch * in_channels * height * width; }
  std::int64_t WeightElements() const { return out_channels * in_channels * kernel_h * kernel_w; }
  std::int64_t BiasElements() const { return batch * out_channels; }
  std::int64_t OutputElements() const { return batch * out_channels * out_height * out_width; }
};

/// InvalidArgument naming the size and the block it must be a multiple of.
Result<BlockedShape> BlockShape(const Workload& workload, const Geometry& geometry);

}  // namespace foothold::vta
