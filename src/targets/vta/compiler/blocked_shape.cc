#include "targets/vta/compiler/blocked_shape.h"

#include <fmt/core.h>

#include <numeric>

namespace foothold::vta {
namespace {

std::int64_t Blocks(std::int64_t size, std::int64_t block) { return (size + block - 1) / block; }

/// The fewest groups that fill whole blocks together.
std::int64_t GroupsInBlocks(std::int64_t group_in, std::int64_t group_out, std::int64_t block) {
  return std::lcm(block / std::gcd(block, group_in), block / std::gcd(block, group_out));
}

void BlockChannels(std::int64_t in, std::int64_t out, std::int64_t groups, std::int64_t block,
                   BlockedShape& shape) {
  const std::int64_t group_in = in / groups;
  const std::int64_t group_out = out / groups;
  const std::int64_t merged = GroupsInBlocks(group_in, group_out, block);
  shape.groups = groups > merged ? Blocks(groups, merged) : 1;
  // Of several groups each fills its blocks; a single one may not.
  const std::int64_t together = shape.groups > 1 ? merged : groups;
  shape.in_channels = shape.groups * Blocks(together * group_in, block);
  shape.out_channels = shape.groups * Blocks(together * group_out, block);
}

BlockedShape BlockConv2d(const Conv2d& conv, const Geometry& geometry) {
  BlockedShape shape;
  shape.batch = Blocks(conv.batch, geometry.batch());
  BlockChannels(conv.in_channels, conv.out_channels, conv.groups, geometry.block(), shape);
  shape.height = conv.height;
  shape.width = conv.width;
  shape.out_height = conv.out_height();
  shape.out_width = conv.out_width();
  shape.kernel_h = conv.kernel_h;
  shape.kernel_w = conv.kernel_w;
  shape.pad_h = conv.pad_h;
  shape.pad_w = conv.pad_w;
  shape.stride_h = conv.stride_h;
  shape.stride_w = conv.stride_w;
  shape.pad_bottom = conv.rows_below();
  shape.pad_right = conv.columns_right();
  return shape;
}

BlockedShape BlockConv2dTranspose(const Conv2dTranspose& conv, const Geometry& geometry) {
  BlockedShape shape;
  shape.batch = Blocks(conv.batch, geometry.batch());
  BlockChannels(conv.in_channels, conv.out_channels, 1, geometry.block(), shape);
  shape.height = conv.height;
  shape.width = conv.width;
  shape.out_height = conv.out_height();
  shape.out_width = conv.out_width();
  shape.kernel_h = conv.kernel_h;
  shape.kernel_w = conv.kernel_w;
  shape.pad_h = shape.pad_bottom = conv.kernel_h - 1 - conv.pad_h;
  shape.pad_w = shape.pad_right = conv.kernel_w - 1 - conv.pad_w;
  shape.upsample_h = conv.stride_h;
  shape.upsample_w = conv.stride_w;
  return shape;
}

BlockedShape BlockDense(const Dense& dense, const Geometry& geometry) {
  BlockedShape shape;
  shape.batch = Blocks(dense.batch, geometry.batch());
  BlockChannels(dense.in_features, dense.out_features, 1, geometry.block(), shape);
  return shape;
}

}  // namespace

Result<BlockedShape> BlockShape(const Workload& workload, const Geometry& geometry) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(workload));
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) return BlockConv2d(*conv, geometry);
  if (const auto* dense = std::get_if<Dense>(&workload.op)) return BlockDense(*dense, geometry);
  if (const auto* conv = std::get_if<Conv2dTranspose>(&workload.op))
    return BlockConv2dTranspose(*conv, geometry);
  return Status::InvalidArgument(fmt::format(
      "{}: is a kernel known by its name alone; VTA takes conv2d, conv2d_transpose and dense",
      workload.name));
}

BlockedShape SpreadByHost(const BlockedShape& shape) {
  BlockedShape spread = shape;
  spread.height = (shape.height - 1) * shape.upsample_h + 1;
  spread.width = (shape.width - 1) * shape.upsample_w + 1;
  spread.host_step_h = shape.upsample_h;
  spread.host_step_w = shape.upsample_w;
  spread.upsample_h = spread.upsample_w = 1;
  return spread;
}

}  // namespace foothold::vta
