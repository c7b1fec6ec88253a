#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foothold/export.h"
#include "foothold/status.h"

namespace foothold {

/// 2-D convolution, NCHW, no dilation. All sizes are in scalars, all >= 1 (padding >= 0).
struct Conv2d {
  /// Of pad_bottom and pad_right: as many as on the opposite side.
  static constexpr std::int64_t kSymmetric = -1;

  std::int64_t batch = 1;
  std::int64_t in_channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t out_channels = 1;
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
  std::int64_t pad_h = 0;  ///< rows of zeros above, and below unless pad_bottom says otherwise
  std::int64_t pad_w = 0;  ///< columns of zeros left, and right unless pad_right says otherwise
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;
  std::int64_t pad_bottom = kSymmetric;
  std::int64_t pad_right = kSymmetric;
  /// Divides both numbers of channels. An output channel sums over the input channels of its group
  /// only. As many groups as input channels are a depthwise convolution.
  std::int64_t groups = 1;

  std::int64_t rows_below() const { return pad_bottom == kSymmetric ? pad_h : pad_bottom; }
  std::int64_t columns_right() const { return pad_right == kSymmetric ? pad_w : pad_right; }
  std::int64_t padded_height() const { return height + pad_h + rows_below(); }
  std::int64_t padded_width() const { return width + pad_w + columns_right(); }
  /// floor((padded_height() - kernel_h) / stride_h) + 1, and the same for the width.
  std::int64_t out_height() const { return (padded_height() - kernel_h) / stride_h + 1; }
  std::int64_t out_width() const { return (padded_width() - kernel_w) / stride_w + 1; }

  friend bool operator==(const Conv2d&, const Conv2d&) = default;
};

/// Transposed 2-D convolution ("deconvolution"), NCHW, no dilation, one group, no output padding:
/// each input adds its weighted kernel to the output, `stride` outputs from one input to the next;
/// `pad` rows and columns are then cut off on each side. Sizes as in Conv2d; pad_h < kernel_h and
/// pad_w < kernel_w.
struct Conv2dTranspose {
  std::int64_t batch = 1;
  std::int64_t in_channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t out_channels = 1;
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
  std::int64_t pad_h = 0;
  std::int64_t pad_w = 0;
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;

  std::int64_t out_height() const { return (height - 1) * stride_h + kernel_h - 2 * pad_h; }
  std::int64_t out_width() const { return (width - 1) * stride_w + kernel_w - 2 * pad_w; }

  friend bool operator==(const Conv2dTranspose&, const Conv2dTranspose&) = default;
};

/// out[batch][out_features] = in[batch][in_features] * weight[out_features][in_features]^T.
struct Dense {
  std::int64_t batch = 1;
  std::int64_t in_features = 1;
  std::int64_t out_features = 1;

  friend bool operator==(const Dense&, const Dense&) = default;
};

/// A program known by its name alone, such as a GPU kernel whose search space somebody recorded:
/// there is no shape, nothing to compare an output with, and only targets that know it run it.
struct Kernel {
  std::string name;  ///< one line of 1 to 200 bytes

  friend bool operator==(const Kernel&, const Kernel&) = default;
};

/// What a workload computes, with its shapes.
using Operator = std::variant<Conv2d, Dense, Conv2dTranspose, Kernel>;

/// What happens to each int32 accumulator on its way to int8, in this order: arithmetic shift right
/// (towards minus infinity), bias add (one int32 per output channel, if `bias`), min with clip_max,
/// max with clip_min. A Kernel has the defaults.
struct Requantize {
  std::int64_t shift = 8;  ///< 0..31
  bool bias = false;
  std::int64_t clip_max = 127;  ///< int8
  std::int64_t clip_min = 0;    ///< int8, <= clip_max

  friend bool operator==(const Requantize&, const Requantize&) = default;
};

/// Of inputs, weights and outputs. A target takes one of them, and says so when it is prepared.
enum class ElementType : std::uint8_t {
  kInt8,     ///< int32 accumulation, which Requantize takes back to int8
  kFloat32,  ///< accumulated in float32 in any order; nothing is done to the sums
};
/// "int8" or "float32".
FOOTHOLD_EXPORT std::string_view ToString(ElementType type);

/// An operator with its shapes: what is to be tuned.
struct Workload {
  std::string name;  ///< "resnet18.C8", or what the user called it
  Operator op;
  Requantize requantize;                  ///< for kInt8; at its defaults for kFloat32
  ElementType type = ElementType::kInt8;  ///< of all three tensors

  friend bool operator==(const Workload&, const Workload&) = default;
};

/// Whether they differ in nothing but the name.
FOOTHOLD_EXPORT bool ComputeTheSame(const Workload& a, const Workload& b);

/// "conv2d", "dense", "conv2d_transpose" or "kernel".
FOOTHOLD_EXPORT std::string_view OperatorName(const Operator& op);

/// InvalidArgument naming the field and the rule when a size is out of range or the output would be
/// empty.
FOOTHOLD_EXPORT Status Validate(const Workload& workload);

/// Multiply-accumulate operations of the operator proper; requantisation is not counted. 0 when
/// unknown: of a Kernel, as its sizes below.
FOOTHOLD_EXPORT std::int64_t MacCount(const Workload& workload);
/// 2 * MacCount: what AutoTVM calls FLOP.
FOOTHOLD_EXPORT std::int64_t OperationCount(const Workload& workload);

/// Numbers of scalars of each tensor.
FOOTHOLD_EXPORT std::int64_t InputSize(const Workload& workload);
FOOTHOLD_EXPORT std::int64_t WeightSize(const Workload& workload);
FOOTHOLD_EXPORT std::int64_t BiasSize(const Workload& workload);  ///< 0 without bias
FOOTHOLD_EXPORT std::int64_t OutputSize(const Workload& workload);

/// One line: "conv2d 1x256x14x14 -> 256, 3x3, pad 1, stride 1".
FOOTHOLD_EXPORT std::string ToString(const Workload& workload);

/// The tensors of one evaluation, row-major: conv2d input NCHW, weight OIHW (I: the channels of one
/// group), output NCHW; conv2d_transpose NCHW, IOHW, NCHW; dense NC, OI, NO.
struct Tensors {
  std::vector<std::int8_t> input;
  std::vector<std::int8_t> weight;
  std::vector<std::int32_t> bias;  ///< empty without bias
};

/// Tensors that are a function of (operator, shift, seed) only: uniform int8 inputs, biases in
/// [-64, 64), and weights scaled so that most outputs are not clipped and a single wrong product
/// shows. REQUIRES: Validate(workload).ok(), of kInt8, and not a Kernel.
FOOTHOLD_EXPORT Tensors RandomTensors(const Workload& workload, std::uint64_t seed);

/// The plain reference implementation that every target's output is compared with: loops as in the
/// definition, accumulation wraps at 32 bits. O(MacCount). REQUIRES: tensors of the workload's
/// sizes, and not a Kernel.
FOOTHOLD_EXPORT std::vector<std::int8_t> ReferenceOutput(const Workload& workload,
                                                         const Tensors& tensors);

/// The same for float32 workloads, without a bias.
struct FloatTensors {
  std::vector<float> input;
  std::vector<float> weight;
};

/// A function of (operator, seed) only: whole numbers so small that no sum of products, in whatever
/// order and grouping, leaves the range in which float32 is exact (2^24). So all correct programs
/// give the same bits, and outputs are compared for equality. REQUIRES: Validate(workload).ok(), of
/// kFloat32, with at most 2^24 products to an output.
FOOTHOLD_EXPORT FloatTensors RandomFloatTensors(const Workload& workload, std::uint64_t seed);

/// The plain reference implementation for float32. REQUIRES: tensors of the workload's sizes.
FOOTHOLD_EXPORT std::vector<float> ReferenceFloatOutput(const Workload& workload,
                                                        const FloatTensors& tensors);

/// Parses an inline shape: "conv2d:1x256x14x14,256,3x3,pad=1,stride=1[,bias]",
/// "dense:1x256,128[,bias]", "conv2d_transpose:1x64x4x4,32,4x4,pad=1,stride=2" or "kernel:NAME";
/// with ",float32" behind the shape, of that type.
FOOTHOLD_EXPORT Result<Workload> ParseInlineWorkload(std::string_view text);
/// The inline form, accepted by ParseInlineWorkload; fields at their defaults are left out.
FOOTHOLD_EXPORT std::string ToInline(const Workload& workload);

/// Reads a workload file (docs/formats/workload.md): JSON, one workload object or {"workloads":
/// [...]}. Errors name `path`, the line and the field. Unknown fields are errors.
FOOTHOLD_EXPORT Result<std::vector<Workload>> ParseWorkloads(std::string_view json,
                                                             std::string_view path);
/// The file form of one workload, accepted by ParseWorkloads.
FOOTHOLD_EXPORT std::string ToJson(const Workload& workload);

/// The names of the built-in networks, in alphabetical order, and their layers in network order.
FOOTHOLD_EXPORT std::vector<std::string> BuiltinNetworks();
/// NotFound with the known names when there is no such network ("resnet18") or layer
/// ("resnet18.C8").
FOOTHOLD_EXPORT Result<std::vector<Workload>> FindWorkloads(std::string_view network_or_layer);

}  // namespace foothold
