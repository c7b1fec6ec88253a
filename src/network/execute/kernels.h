#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "network/graph/graph.h"

// One function for each kind of operation; what each computes is said at the operation. Shapes are
// those that the graph promises.
namespace foothold::network {

/// For each output of a convolution, in order, the sum of products. Padding adds nothing.
std::vector<double> ConvSums(const Conv& conv, const Shape& x_shape, std::span<const float> x,
                             const Shape& w_shape, std::span<const float> w,
                             const Shape& out_shape);
std::vector<std::int64_t> ConvSums(const Conv& conv, const Shape& x_shape,
                                   std::span<const std::int32_t> x, const Shape& w_shape,
                                   std::span<const std::int32_t> w, const Shape& out_shape);
/// The same for a dense layer, without alpha.
std::vector<double> DenseSums(const Dense& dense, std::span<const float> x, const Shape& w_shape,
                              std::span<const float> w);
std::vector<std::int64_t> DenseSums(const Dense& dense, std::span<const std::int32_t> x,
                                    const Shape& w_shape, std::span<const std::int32_t> w);

Tensor ApplyConv(const Conv& conv, const Tensor& x, const Tensor& w, const Tensor* bias,
                 const Tensor* residual, const Shape& out);
Tensor ApplyDense(const Dense& dense, const Tensor& x, const Tensor& w, const Tensor* bias,
                  const Shape& out);
Tensor ApplyBatchNorm(const BatchNorm& norm, const std::vector<const Tensor*>& inputs);
Tensor ApplySoftmax(const Softmax& softmax, const Tensor& x);
/// Of any type.
Tensor ApplyMaxPool(const MaxPool& pool, const Tensor& x, const Shape& out);
Tensor ApplyAveragePool(const AveragePool& pool, const Tensor& x, const Shape& out);
Tensor ApplyMean(const Mean& mean, const Tensor& x, const Shape& out);
/// Of any type, both of the same.
Tensor ApplyBinary(const Binary& binary, const Tensor& a, const Tensor& b, const Shape& out);
Tensor ApplyClip(const Clip& clip, const Tensor& x);
Tensor ApplyLeakyRelu(const LeakyRelu& relu, const Tensor& x);
Tensor ApplySigmoid(const Tensor& x);

// These move elements of any type.

Tensor ApplyTranspose(const Transpose& transpose, const Tensor& x, const Shape& out);
Tensor ApplyConcat(const Concat& concat, const std::vector<const Tensor*>& inputs,
                   const Shape& out);
/// `fill` is what stands for pad.value in the elements' type.
Tensor ApplyPad(const Pad& pad, const Tensor& x, double fill, const Shape& out);
Tensor ApplyResize(const Resize& resize, const Tensor& x, const Shape& out);
/// The position of an axis of the input that the output's position `at` comes from; `in` and `out`
/// are the axis' sizes.
std::int64_t NearestInput(const Resize& resize, std::size_t axis, std::int64_t at, std::int64_t in,
                          std::int64_t out);

/// `type` is that of the output: kInt8, kUint8 or kInt32.
Tensor ApplyQuantize(const Quantisation& quantisation, DataType type, const Tensor& x);
Tensor ApplyDequantize(const Quantisation& quantisation, const Tensor& x);
/// The quantisation that a scale and a zero point, or none, are.
Quantisation ToQuantisation(const Tensor& scale, const Tensor* zero_point, std::int64_t axis);

/// A node whose output has a quantisation.
Tensor ApplyQuantised(const Graph& graph, const Node& node,
                      const std::vector<const Tensor*>& inputs);

inline float Clamped(double value, const Clamp& clamp) {
  return static_cast<float>(
      std::fmin(std::fmax(value, static_cast<double>(clamp.low)), static_cast<double>(clamp.high)));
}

/// The distance between neighbours of each axis, in elements.
std::vector<std::int64_t> StridesOf(const Shape& shape);

/// Calls visit(position, output index) for each position of `shape`, the last axis fastest.
template <typename Visit>
void ForEachPosition(const Shape& shape, Visit visit) {
  const std::int64_t count = Elements(shape);
  std::vector<std::int64_t> position(shape.size(), 0);
  for (std::int64_t index = 0; index < count; ++index) {
    visit(position, index);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++position[axis] < shape[axis]) break;
      position[axis] = 0;
    }
  }
}

}  // namespace foothold::network
