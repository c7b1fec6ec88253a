#include "targets/vta/compiler/blocked_shape.h"

#include <fmt/core.h>

#include <string_view>

namespace foothold::vta {
namespace {

Result<std::int64_t> Blocks(const Workload& workload, std::string_view field, std::int64_t size,
                            std::int64_t block) {
  if (size % block == 0) return size / block;
  return Status::InvalidArgument(
      fmt::format("{}: {} is {}, must be a multiple of {} on this VTA geometry", workload.name,
                  field, size, block));
}

Result<BlockedShape> BlockConv2d(const Workload& workload, const Conv2d& conv,
                                 const Geometry& geometry) {
  BlockedShape shape;
  FOOTHOLD_ASSIGN_OR_RETURN(shape.batch, Blocks(workload, "batch", conv.batch, geometry.batch()));
  FOOTHOLD_ASSIGN_OR_RETURN(shape.in_channels,
                            Blocks(workload, "in_channels", conv.in_channels, geometry.block()));
  FOOTHOLD_ASSIGN_OR_RETURN(shape.out_channels,
                            Blocks(workload, "out_channels", conv.out_channels, geometry.block()));
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
  return shape;
}

Result<BlockedShape> BlockDense(const Workload& workload, const Dense& dense,
                                const Geometry& geometry) {
  BlockedShape shape;
  FOOTHOLD_ASSIGN_OR_RETURN(shape.batch, Blocks(workload, "batch", dense.batch, geometry.batch()));
  FOOTHOLD_ASSIGN_OR_RETURN(shape.in_channels,
                            Blocks(workload, "in_features", dense.in_features, geometry.block()));
  FOOTHOLD_ASSIGN_OR_RETURN(shape.out_channels,
                            Blocks(workload, "out_features", dense.out_features, geometry.block()));
  return shape;
}

}  // namespace

Result<BlockedShape> BlockShape(const Workload& workload, const Geometry& geometry) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(workload));
  if (const auto* conv = std::get_if<Conv2d>(&workload.op))
    return BlockConv2d(workload, *conv, geometry);
  if (const auto* dense = std::get_if<Dense>(&workload.op))
    return BlockDense(workload, *dense, geometry);
  return Status::InvalidArgument(fmt::format(
      "{}: is a kernel known by its name alone; VTA takes conv2d and dense", workload.name));
}

}  // namespace foothold::vta
