#include <fmt/core.h>

#include <algorithm>

#include "core/workload/operators/operator_kind.h"
#include "core/workload/operators/sums.h"

namespace foothold::workload {
namespace {

/// The kernel must fit into the padded input, or there is no output.
Status CheckKernelFits(std::string_view kernel_field, std::int64_t kernel, std::string_view axis,
                       std::int64_t size, std::int64_t before, std::int64_t after) {
  const std::int64_t padded = before + size + after;
  if (kernel <= padded) return {};
  const std::string padding = before == after ? fmt::format("2 x padding {}", before)
                                              : fmt::format("padding {} + {}", before, after);
  return Status::InvalidArgument(
      fmt::format("{}: is {}, must be at most {} ({} {} + {}), or the output is empty",
                  kernel_field, kernel, padded, axis, size, padding));
}

Status CheckGroups(const Conv2d& conv) {
  for (const auto& [field, channels] :
       {std::pair("in_channels", conv.in_channels), std::pair("out_channels", conv.out_channels)}) {
    if (channels % conv.groups == 0) continue;
    return Status::InvalidArgument(
        fmt::format("groups: is {}, must divide {} {}", conv.groups, field, channels));
  }
  return {};
}

Status CheckConv2d(const Operator& op) {
  const auto& conv = std::get<Conv2d>(op);
  FOOTHOLD_RETURN_IF_ERROR(CheckKernelFits("kernel_h", conv.kernel_h, "height", conv.height,
                                           conv.pad_h, conv.rows_below()));
  FOOTHOLD_RETURN_IF_ERROR(CheckKernelFits("kernel_w", conv.kernel_w, "width", conv.width,
                                           conv.pad_w, conv.columns_right()));
  FOOTHOLD_RETURN_IF_ERROR(CheckGroups(conv));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("input", "batch x in_channels x padded height x padded width",
                  {conv.batch, conv.in_channels, conv.padded_height(), conv.padded_width()}));
  const std::int64_t group_channels = conv.in_channels / conv.groups;
  FOOTHOLD_RETURN_IF_ERROR(
      CheckTensor("weight", "out_channels x in_channels x kernel_h x kernel_w",
                  {conv.out_channels, group_channels, conv.kernel_h, conv.kernel_w}));
  return CheckTensor("output", "batch x out_channels x out_height x out_width",
                     {conv.batch, conv.out_channels, conv.out_height(), conv.out_width()});
}

TensorSizes SizesOfConv2d(const Operator& op) {
  const auto& conv = std::get<Conv2d>(op);
  TensorSizes sizes;
  sizes.input = conv.batch * conv.in_channels * conv.height * conv.width;
  sizes.products = conv.in_channels / conv.groups * conv.kernel_h * conv.kernel_w;
  sizes.weight = conv.out_channels * sizes.products;
  sizes.batch = conv.batch;
  sizes.channels = conv.out_channels;
  sizes.positions = conv.out_height() * conv.out_width();
  return sizes;
}

/// The output positions [first, last) at which the input position
/// `output * stride + offset` lies within [0, size).
struct Range {
  std::int64_t first;
  std::int64_t last;
};
Range InsideInput(std::int64_t offset, std::int64_t stride, std::int64_t size,
                  std::int64_t outputs) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = offset >= size ? 0 : (size - 1 - offset) / stride + 1;
  return {first, std::min(last, outputs)};
}

/// Adds to `sums` (out_height x out_width) what one input plane contributes through one kernel.
template <typename Element, typename Sum>
void AddPlane(const Conv2d& conv, const Element* input, const Element* kernel, Sum* sums) {
  for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh) {
    const std::int64_t row_offset = kh - conv.pad_h;
    const Range rows = InsideInput(row_offset, conv.stride_h, conv.height, conv.out_height());
    for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw) {
      const std::int64_t column_offset = kw - conv.pad_w;
      const Range columns = InsideInput(column_offset, conv.stride_w, conv.width, conv.out_width());
      if (columns.first >= columns.last) continue;
      const Element weight = kernel[kh * conv.kernel_w + kw];
      for (std::int64_t oh = rows.first; oh < rows.last; ++oh) {
        const std::int64_t ih = oh * conv.stride_h + row_offset;
        const std::int64_t iw = columns.first * conv.stride_w + column_offset;
        AddScaledRow(columns.last - columns.first, weight, input + ih * conv.width + iw,
                     conv.stride_w, sums + oh * conv.out_width() + columns.first);
      }
    }
  }
}

template <typename Sum, typename AnyTensors>
std::vector<Sum> SumsOfConv2d(const Operator& op, const AnyTensors& tensors) {
  const auto& conv = std::get<Conv2d>(op);
  const std::int64_t in_plane = conv.height * conv.width;
  const std::int64_t out_plane = conv.out_height() * conv.out_width();
  const std::int64_t kernel_size = conv.kernel_h * conv.kernel_w;
  const std::int64_t group_in = conv.in_channels / conv.groups;
  const std::int64_t group_out = conv.out_channels / conv.groups;
  std::vector<Sum> sums(static_cast<std::size_t>(conv.batch * conv.out_channels * out_plane));
  for (std::int64_t n = 0; n < conv.batch; ++n) {
    for (std::int64_t o = 0; o < conv.out_channels; ++o) {
      const std::int64_t first = n * conv.in_channels + o / group_out * group_in;
      for (std::int64_t i = 0; i < group_in; ++i) {
        AddPlane(conv, tensors.input.data() + (first + i) * in_plane,
                 tensors.weight.data() + (o * group_in + i) * kernel_size,
                 sums.data() + (n * conv.out_channels + o) * out_plane);
      }
    }
  }
  return sums;
}

}  // namespace

const OperatorKind& Conv2dKind() {
  static const OperatorKind kKind = {
      .name = "conv2d",
      .usual = Conv2d(),
      .shape = {{"the input shape, BATCHxCHANNELSxHEIGHTxWIDTH",
                 {Optional<&Conv2d::batch>("batch"), Required<&Conv2d::in_channels>("in_channels"),
                  Required<&Conv2d::height>("height"), Required<&Conv2d::width>("width")}},
                {"the number of output channels",
                 {Required<&Conv2d::out_channels>("out_channels")}},
                {"the kernel, HEIGHTxWIDTH",
                 {Required<&Conv2d::kernel_h>("kernel_h"),
                  Required<&Conv2d::kernel_w>("kernel_w")}},
                {"pad",
                 {Optional<&Conv2d::pad_h>("pad_h", 0), Optional<&Conv2d::pad_w>("pad_w", 0)},
                 Presence::kOption},
                {"stride",
                 {Optional<&Conv2d::stride_h>("stride_h"), Optional<&Conv2d::stride_w>("stride_w")},
                 Presence::kOption},
                {"pad_end",
                 {Optional<&Conv2d::pad_bottom>("pad_bottom", Conv2d::kSymmetric),
                  Optional<&Conv2d::pad_right>("pad_right", Conv2d::kSymmetric)},
                 Presence::kRareOption},
                {"groups", {Optional<&Conv2d::groups>("groups")}, Presence::kRareOption}},
      .check = CheckConv2d,
      .sizes = SizesOfConv2d,
      .int8_sums = SumsOfConv2d<Accumulator, Tensors>,
      .float32_sums = SumsOfConv2d<float, FloatTensors>};
  return kKind;
}

}  // namespace foothold::workload
