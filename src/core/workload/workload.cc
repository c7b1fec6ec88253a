#include "foothold/workload.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/text.h"

namespace foothold {
namespace {

/// A size up to which every product below stays far from overflow, and beyond any real operator.
constexpr std::int64_t kMaxDimension = std::int64_t{1} << 20;
/// Scalars in one tensor: below 2^31, so that MacCount < 2^62 and OperationCount < 2^63.
constexpr std::int64_t kMaxTensorSize = (std::int64_t{1} << 31) - 1;
constexpr std::size_t kMaxKernelName = 200;  // bytes: it is printed in tables and messages

Status CheckRange(std::string_view field, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value >= min && value <= max) return {};
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be from {} to {}", field, value, min, max));
}

Status CheckDimension(std::string_view field, std::int64_t value) {
  return CheckRange(field, value, 1, kMaxDimension);
}

/// REQUIRES: every size in [1, 2^22].
Status CheckTensor(std::string_view tensor, std::string_view formula,
                   std::initializer_list<std::int64_t> sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    product *= size;  // at most 2^31 x 2^22: no overflow
    if (product > kMaxTensorSize) {
      return Status::InvalidArgument(fmt::format("{}: {} = {} scalars, must be at most {}", tensor,
                                                 formula, Joined(sizes, " x "), kMaxTensorSize));
    }
  }
  return {};
}

/// The kernel must fit into the padded input, or there is no output.
Status CheckKernelFits(std::string_view kernel_field, std::int64_t kernel, std::string_view axis,
                       std::int64_t size, std::int64_t pad) {
  if (kernel <= size + 2 * pad) return {};
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be at most {} ({} {} + 2 x padding {}), or the output is empty",
                  kernel_field, kernel, size + 2 * pad, axis, size, pad));
}

Status ValidateOperator(const Conv2d& conv) {
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("batch", conv.batch));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("in_channels", conv.in_channels));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("height", conv.height));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("width", conv.width));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("out_channels", conv.out_channels));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("kernel_h", conv.kernel_h));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("kernel_w", conv.kernel_w));
  FOOTHOLD_RETURN_IF_ERROR(CheckRange("pad_h", conv.pad_h, 0, kMaxDimension));
  FOOTHOLD_RETURN_IF_ERROR(CheckRange("pad_w", conv.pad_w, 0, kMaxDimension));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("stride_h", conv.stride_h));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("stride_w", conv.stride_w));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckKernelFits("kernel_h", conv.kernel_h, "height", conv.height, conv.pad_h));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckKernelFits("kernel_w", conv.kernel_w, "width", conv.width, conv.pad_w));
  FOOTHOLD_RETURN_IF_ERROR(CheckTensor(
      "input", "batch x in_channels x padded height x padded width",
      {conv.batch, conv.in_channels, conv.height + 2 * conv.pad_h, conv.width + 2 * conv.pad_w}));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("weight", "out_channels x in_channels x kernel_h x kernel_w",
                  {conv.out_channels, conv.in_channels, conv.kernel_h, conv.kernel_w}));
  return CheckTensor("output", "batch x out_channels x out_height x out_width",
                     {conv.batch, conv.out_channels, conv.out_height(), conv.out_width()});
}

Status ValidateOperator(const Dense& dense) {
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("batch", dense.batch));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("in_features", dense.in_features));
  FOOTHOLD_RETURN_IF_ERROR(CheckDimension("out_features", dense.out_features));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("input", "batch x in_features", {dense.batch, dense.in_features}));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("weight", "out_features x in_features", {dense.out_features, dense.in_features}));
  return CheckTensor("output", "batch x out_features", {dense.batch, dense.out_features});
}

Status ValidateOperator(const Kernel& kernel) {
  if (kernel.name.empty()) return Status::InvalidArgument("kernel: is empty, must be a name");
  if (kernel.name.size() > kMaxKernelName) {
    return Status::InvalidArgument(fmt::format("kernel: has {} bytes, must have at most {}",
                                               kernel.name.size(), kMaxKernelName));
  }
  const bool is_one_line = std::none_of(kernel.name.begin(), kernel.name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
  if (is_one_line) return {};
  return Status::InvalidArgument("kernel: holds a control character, must be one line of text");
}

Status ValidateRequantize(const Requantize& requantize) {
  FOOTHOLD_RETURN_IF_ERROR(CheckRange("shift", requantize.shift, 0, 31));
  FOOTHOLD_RETURN_IF_ERROR(CheckRange("clip_max", requantize.clip_max, -128, 127));
  return CheckRange("clip_min", requantize.clip_min, -128, requantize.clip_max);
}

/// "3", or "3x5" when the two directions differ.
std::string Pair(std::int64_t vertical, std::int64_t horizontal) {
  return vertical == horizontal ? fmt::format("{}", vertical)
                                : fmt::format("{}x{}", vertical, horizontal);
}

std::string Describe(const Conv2d& conv) {
  return fmt::format("conv2d {}x{}x{}x{} -> {}, {}x{}, pad {}, stride {}", conv.batch,
                     conv.in_channels, conv.height, conv.width, conv.out_channels, conv.kernel_h,
                     conv.kernel_w, Pair(conv.pad_h, conv.pad_w),
                     Pair(conv.stride_h, conv.stride_w));
}

std::string Describe(const Dense& dense) {
  return fmt::format("dense {}x{} -> {}", dense.batch, dense.in_features, dense.out_features);
}

std::string Describe(const Kernel& kernel) { return "kernel " + kernel.name; }

std::int64_t OutputChannels(const Operator& op) {
  if (const auto* conv = std::get_if<Conv2d>(&op)) return conv->out_channels;
  const auto* dense = std::get_if<Dense>(&op);
  return dense == nullptr ? 0 : dense->out_features;
}

/// A float32 workload has sums and nothing behind them.
Status ValidateNoRequantize(const Requantize& requantize) {
  const Requantize none;
  const auto complaint = [](std::string_view field) {
    return Status::InvalidArgument(
        fmt::format("{}: is for int8 workloads; a float32 one has none", field));
  };
  if (requantize.bias) return complaint("bias");
  if (requantize.shift != none.shift) return complaint("shift");
  if (requantize.clip_max != none.clip_max) return complaint("clip_max");
  if (requantize.clip_min != none.clip_min) return complaint("clip_min");
  return {};
}

}  // namespace

std::string_view ToString(ElementType type) {
  return type == ElementType::kInt8 ? "int8" : "float32";
}

bool ComputeTheSame(const Workload& a, const Workload& b) {
  return a.op == b.op && a.requantize == b.requantize && a.type == b.type;
}

std::string_view OperatorName(const Operator& op) {
  constexpr std::array<std::string_view, std::variant_size_v<Operator>> kNames = {"conv2d", "dense",
                                                                                  "kernel"};
  return kNames[op.index()];
}

Status Validate(const Workload& workload) {
  FOOTHOLD_RETURN_IF_ERROR(
      std::visit([](const auto& op) { return ValidateOperator(op); }, workload.op));
  if (std::holds_alternative<Kernel>(workload.op)) {
    if (workload.requantize == Requantize() && workload.type == ElementType::kInt8) return {};
    return Status::InvalidArgument("kernel: has no requantisation and no type of its own");
  }
  return workload.type == ElementType::kInt8 ? ValidateRequantize(workload.requantize)
                                             : ValidateNoRequantize(workload.requantize);
}

std::int64_t InputSize(const Workload& workload) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return conv->batch * conv->in_channels * conv->height * conv->width;
  }
  const auto* dense = std::get_if<Dense>(&workload.op);
  return dense == nullptr ? 0 : dense->batch * dense->in_features;
}

std::int64_t WeightSize(const Workload& workload) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return conv->out_channels * conv->in_channels * conv->kernel_h * conv->kernel_w;
  }
  const auto* dense = std::get_if<Dense>(&workload.op);
  return dense == nullptr ? 0 : dense->out_features * dense->in_features;
}

std::int64_t BiasSize(const Workload& workload) {
  return workload.requantize.bias ? OutputChannels(workload.op) : 0;
}

std::int64_t OutputSize(const Workload& workload) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return conv->batch * conv->out_channels * conv->out_height() * conv->out_width();
  }
  const auto* dense = std::get_if<Dense>(&workload.op);
  return dense == nullptr ? 0 : dense->batch * dense->out_features;
}

std::int64_t MacCount(const Workload& workload) {
  if (std::holds_alternative<Kernel>(workload.op)) return 0;
  // Every output is a sum over the weights of one output channel.
  return OutputSize(workload) * (WeightSize(workload) / OutputChannels(workload.op));
}

std::int64_t OperationCount(const Workload& workload) { return 2 * MacCount(workload); }

std::string ToString(const Workload& workload) {
  std::string text = std::visit([](const auto& op) { return Describe(op); }, workload.op);
  const Requantize usual;
  const Requantize& requantize = workload.requantize;
  if (workload.type != ElementType::kInt8) text += fmt::format(", {}", ToString(workload.type));
  if (requantize.bias) text += ", bias";
  if (requantize.shift != usual.shift) text += fmt::format(", shift {}", requantize.shift);
  if (requantize.clip_min != usual.clip_min || requantize.clip_max != usual.clip_max) {
    text += fmt::format(", clip {}..{}", requantize.clip_min, requantize.clip_max);
  }
  return text;
}

}  // namespace foothold
