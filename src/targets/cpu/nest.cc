#include "targets/cpu/nest.h"

#include <fmt/core.h>

#include "base/text.h"

namespace foothold::cpu {
namespace {

constexpr std::int64_t kMaxReduction = 1 << 24;

Nest OfConv2d(const Conv2d& conv) {
  Nest nest;
  nest.images = conv.batch;
  nest.channels = conv.in_channels;
  nest.in_h = conv.height;
  nest.in_w = conv.width;
  nest.kernel_h = conv.kernel_h;
  nest.kernel_w = conv.kernel_w;
  nest.pad_h = conv.pad_h;
  nest.pad_w = conv.pad_w;
  nest.stride_h = conv.stride_h;
  nest.stride_w = conv.stride_w;
  nest.out_channels = conv.out_channels;
  nest.out_h = conv.out_height();
  nest.out_w = conv.out_width();
  return nest;
}

Nest OfDense(const Dense& dense) {
  Nest nest;
  nest.is_dense = true;
  nest.channels = dense.in_features;
  nest.in_h = nest.out_h = dense.batch;
  nest.out_channels = dense.out_features;
  return nest;
}

/// Programs are generated for dense layers and for plain convolutions only.
Status CheckOperator(const Workload& workload) {
  const auto* conv = std::get_if<Conv2d>(&workload.op);
  const bool plain = conv != nullptr ? conv->groups == 1 && conv->rows_below() == conv->pad_h &&
                                           conv->columns_right() == conv->pad_w
                                     : std::holds_alternative<Dense>(workload.op);
  if (plain) return {};
  return Status::InvalidArgument(
      fmt::format("{}: the cpu target takes dense, and conv2d with one group and the same padding "
                  "on opposite sides",
                  workload.name));
}

}  // namespace

Result<Nest> NestOf(const Workload& workload) {
  if (workload.type != ElementType::kFloat32) {
    return Status::InvalidArgument(
        fmt::format("{}: is {}, must be float32 on the cpu target: a layer like "
                    "resnet18-float32.C8, or a shape with \",float32\" behind it",
                    workload.name, ToString(workload.type)));
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckOperator(workload));
  const auto* conv = std::get_if<Conv2d>(&workload.op);
  const Nest nest = conv != nullptr ? OfConv2d(*conv) : OfDense(std::get<Dense>(workload.op));
  if (nest.reduction() > kMaxReduction) {
    return Status::InvalidArgument(fmt::format(
        "{}: sums {} products for an output, must be at most {} to be exact in float32",
        workload.name, base::WithThousands(nest.reduction()), base::WithThousands(kMaxReduction)));
  }
  return nest;
}

}  // namespace foothold::cpu
