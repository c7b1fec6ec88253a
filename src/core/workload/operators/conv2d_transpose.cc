#include <fmt/core.h>

#include "core/workload/operators/operator_kind.h"
#include "core/workload/operators/sums.h"

namespace foothold::workload {
namespace {

/// More padding would cut off what a whole row of inputs adds, and a conv2d that computes the same
/// would have a negative one.
Status CheckPadding(std::string_view field, std::int64_t pad, std::int64_t kernel) {
  if (pad < kernel) return {};
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be below the kernel's {}", field, pad, kernel));
}

Status CheckOutput(std::string_view field, std::int64_t pad, std::int64_t outputs) {
  if (outputs >= 1) return {};
  return Status::InvalidArgument(
      fmt::format("{}: is {}, which cuts off all of the output", field, pad));
}

Status CheckConv2dTranspose(const Operator& op) {
  const auto& conv = std::get<Conv2dTranspose>(op);
  FOOTHOLD_RETURN_IF_ERROR(CheckPadding("pad_h", conv.pad_h, conv.kernel_h));
  FOOTHOLD_RETURN_IF_ERROR(CheckPadding("pad_w", conv.pad_w, conv.kernel_w));
  FOOTHOLD_RETURN_IF_ERROR(CheckTensor("input", "batch x in_channels x height x width",
                                       {conv.batch, conv.in_channels, conv.height, conv.width}));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("weight", "in_channels x out_channels x kernel_h x kernel_w",
                  {conv.in_channels, conv.out_channels, conv.kernel_h, conv.kernel_w}));
  for (const auto& [axis, size, stride] : {std::tuple("height", conv.height, conv.stride_h),
                                           std::tuple("width", conv.width, conv.stride_w)}) {
    FOOTHOLD_RETURN_IF_ERROR(CheckTensor(axis, "size x stride", {size, stride}));
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckOutput("pad_h", conv.pad_h, conv.out_height()));
  FOOTHOLD_RETURN_IF_ERROR(CheckOutput("pad_w", conv.pad_w, conv.out_width()));
  return CheckTensor("output",
                     "batch x out_channels x (out_height + kernel_h) x "
                     "(out_width + kernel_w)",
                     {conv.batch, conv.out_channels, conv.out_height() + conv.kernel_h,
                      conv.out_width() + conv.kernel_w});
}

/// The products with the zeros that a conv2d of the spread input would have count, as in AutoTVM.
TensorSizes SizesOfConv2dTranspose(const Operator& op) {
  const auto& conv = std::get<Conv2dTranspose>(op);
  TensorSizes sizes;
  sizes.input = conv.batch * conv.in_channels * conv.height * conv.width;
  sizes.products = conv.in_channels * conv.kernel_h * conv.kernel_w;
  sizes.weight = conv.out_channels * sizes.products;
  sizes.batch = conv.batch;
  sizes.channels = conv.out_channels;
  sizes.positions = conv.out_height() * conv.out_width();
  return sizes;
}

/// Adds to `sums` (out_height x out_width) what one input plane contributes through one kernel.
template <typename Element, typename Sum>
void AddPlane(const Conv2dTranspose& conv, const Element* input, const Element* kernel, Sum* sums) {
  for (std::int64_t y = 0; y < conv.height; ++y) {
    for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh) {
      const std::int64_t oh = y * conv.stride_h + kh - conv.pad_h;
      if (oh < 0 || oh >= conv.out_height()) continue;
      for (std::int64_t x = 0; x < conv.width; ++x) {
        for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw) {
          const std::int64_t ow = x * conv.stride_w + kw - conv.pad_w;
          if (ow < 0 || ow >= conv.out_width()) continue;
          sums[oh * conv.out_width() + ow] +=
              Product(kernel[kh * conv.kernel_w + kw], input[y * conv.width + x]);
        }
      }
    }
  }
}

template <typename Sum, typename AnyTensors>
std::vector<Sum> SumsOfConv2dTranspose(const Operator& op, const AnyTensors& tensors) {
  const auto& conv = std::get<Conv2dTranspose>(op);
  const std::int64_t in_plane = conv.height * conv.width;
  const std::int64_t out_plane = conv.out_height() * conv.out_width();
  const std::int64_t kernel_size = conv.kernel_h * conv.kernel_w;
  std::vector<Sum> sums(static_cast<std::size_t>(conv.batch * conv.out_channels * out_plane));
  for (std::int64_t n = 0; n < conv.batch; ++n) {
    for (std::int64_t i = 0; i < conv.in_channels; ++i) {
      for (std::int64_t o = 0; o < conv.out_channels; ++o) {
        AddPlane(conv, tensors.input.data() + (n * conv.in_channels + i) * in_plane,
                 tensors.weight.data() + (i * conv.out_channels + o) * kernel_size,
                 sums.data() + (n * conv.out_channels + o) * out_plane);
      }
    }
  }
  return sums;
}

}  // namespace

const OperatorKind& Conv2dTransposeKind() {
  using Op = Conv2dTranspose;
  static const OperatorKind kKind = {
      .name = "conv2d_transpose",
      .usual = Op(),
      .shape = {{"the input shape, BATCHxCHANNELSxHEIGHTxWIDTH",
                 {Optional<&Op::batch>("batch"), Required<&Op::in_channels>("in_channels"),
                  Required<&Op::height>("height"), Required<&Op::width>("width")}},
                {"the number of output channels", {Required<&Op::out_channels>("out_channels")}},
                {"the kernel, HEIGHTxWIDTH",
                 {Required<&Op::kernel_h>("kernel_h"), Required<&Op::kernel_w>("kernel_w")}},
                {"pad",
                 {Optional<&Op::pad_h>("pad_h", 0), Optional<&Op::pad_w>("pad_w", 0)},
                 Presence::kOption},
                {"stride",
                 {Optional<&Op::stride_h>("stride_h"), Optional<&Op::stride_w>("stride_w")},
                 Presence::kOption}},
      .check = CheckConv2dTranspose,
      .sizes = SizesOfConv2dTranspose,
      .int8_sums = SumsOfConv2dTranspose<Accumulator, Tensors>,
      .float32_sums = SumsOfConv2dTranspose<float, FloatTensors>};
  return kKind;
}

}  // namespace foothold::workload
