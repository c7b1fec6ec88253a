#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "network/graph/tensor.h"

// What a node computes. Shapes and types are those of its values; what only the operation knows is
// here. Activations are NCHW, weights of convolutions OIHW.
namespace foothold::network {

/// The smallest and largest result: what a Relu (0, infinity) or a Relu6 (0, 6) leaves.
struct Clamp {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();

  friend bool operator==(const Clamp&, const Clamp&) = default;
};

/// What slides over rows and columns.
struct Window {
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;
  std::int64_t dilation_h = 1;
  std::int64_t dilation_w = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_left = 0;
  std::int64_t pad_bottom = 0;
  std::int64_t pad_right = 0;

  friend bool operator==(const Window&, const Window&) = default;
};

/// Inputs: x, weight, bias or none, and after fusion a tensor of the output's shape that is added
/// before the clamp, or none.
struct Conv {
  Window window;
  std::int64_t group = 1;
  Clamp clamp = {};
};
/// Inputs: x [..., I], weight, bias or none. clamp(alpha * x * weight + beta * bias).
struct Dense {
  bool weight_is_in_out = false;  ///< the weight is [I, O], else [O, I]
  float alpha = 1;
  float beta = 1;
  Clamp clamp = {};
};
/// Inputs: x, scale, bias, mean, variance, one of each for a channel.
struct BatchNorm {
  float epsilon = 1e-5F;
};
struct Clip {
  Clamp clamp;
};
/// x, or slope * x below 0.
struct LeakyRelu {
  float slope = 0.01F;
};
struct Sigmoid {};
/// The axes from `first` to `last`, both included, are one distribution.
struct Softmax {
  std::int64_t first = 0;
  std::int64_t last = 0;
};
/// Padding never wins.
struct MaxPool {
  Window window;
};
struct AveragePool {
  Window window;
  bool counts_padding = false;  ///< padding counts as zeros
};
/// The mean over these axes.
struct Mean {
  std::vector<std::int64_t> axes;  ///< ascending
};
/// Element by element, a size 1 repeated as needed, of two inputs.
struct Binary {
  enum class Kind : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide };
  Kind kind = Kind::kAdd;
  Clamp clamp = {};
};
/// The same elements in the output's shape.
struct Reshape {};
/// Axis i of the output is axis permutation[i] of the input.
struct Transpose {
  std::vector<std::int64_t> permutation;
};
struct Concat {
  std::int64_t axis = 0;
};
/// Adds `value` on both sides of each axis.
struct Pad {
  std::vector<std::int64_t> before;  ///< each >= 0
  std::vector<std::int64_t> after;   ///< each >= 0
  float value = 0;
};
/// Nearest neighbour: where the output's position i of an axis comes from.
struct Resize {
  enum class Coordinates : std::uint8_t { kHalfPixel, kAsymmetric, kAlignCorners };
  enum class Rounding : std::uint8_t { kPreferFloor, kPreferCeil, kFloor, kCeil };
  Coordinates coordinates = Coordinates::kHalfPixel;
  Rounding rounding = Rounding::kPreferFloor;
  std::vector<double> scales;  ///< of each axis, > 0
};
/// Inputs: x, scale, zero point (its type is the output's). One scale, or one for each index of
/// `axis`.
struct Quantize {
  std::int64_t axis = 1;
};
/// Inputs: x, scale, zero point or none. Otherwise as Quantize.
struct Dequantize {
  std::int64_t axis = 1;
};

using Operation =
    std::variant<Conv, Dense, BatchNorm, Clip, LeakyRelu, Sigmoid, Softmax, MaxPool, AveragePool,
                 Mean, Binary, Reshape, Transpose, Concat, Pad, Resize, Quantize, Dequantize>;

/// "conv", "dense", "add", ...
std::string_view OperationName(const Operation& operation);
/// What it says beside its shapes: "3x3, stride 2, pads 0,0,1,1, group 64, at least 0".
std::string Describe(const Operation& operation);

}  // namespace foothold::network
