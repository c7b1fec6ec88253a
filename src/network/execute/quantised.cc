// Integers that stand for real numbers.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "network/execute/execute.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

/// For each element in order, which of the scales is its own.
class ScaleIndex {
 public:
  ScaleIndex(const Quantisation& quantisation, const Shape& shape) {
    if (!quantisation.is_per_axis()) return;
    inner_ = 1;
    for (std::size_t axis = Index(quantisation.axis) + 1; axis < shape.size(); ++axis) {
      inner_ *= Index(shape[axis]);
    }
    count_ = Index(shape[Index(quantisation.axis)]);
  }
  std::size_t operator()(std::size_t element) const { return element / inner_ % count_; }

 private:
  std::size_t inner_ = 1;
  std::size_t count_ = 1;
};

/// Rounded to the nearest integer, plus the zero point, kept in the range of T.
template <typename T>
T Saturated(double scaled, std::int32_t zero_point, Rounding rounding) {
  if (std::isnan(scaled)) return static_cast<T>(zero_point);
  const double rounded =
      rounding == Rounding::kHalfUp ? std::floor(scaled + 0.5) : std::nearbyint(scaled);
  const double shifted = rounded + zero_point;
  const double low = std::numeric_limits<T>::lowest();
  const double high = std::numeric_limits<T>::max();
  return static_cast<T>(std::min(std::max(shifted, low), high));
}

template <typename Function>
Tensor ForIntegerType(DataType type, Function function) {
  if (type == DataType::kInt8) return function(std::int8_t{});
  if (type == DataType::kUint8) return function(std::uint8_t{});
  FOOTHOLD_CHECK(type == DataType::kInt32, "not a type that real numbers are quantised to");
  return function(std::int32_t{});
}

/// The elements without their zero points.
std::vector<std::int32_t> Centred(const Tensor& tensor, const Quantisation& quantisation) {
  const ScaleIndex index(quantisation, tensor.shape());
  return std::visit(
      [&]<typename T>(const std::vector<T>& all) {
        std::vector<std::int32_t> centred;
        centred.reserve(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
          centred.push_back(static_cast<std::int32_t>(all[i]) - quantisation.zero_points[index(i)]);
        }
        return centred;
      },
      tensor.elements());
}

/// From sums of products to the output's integers.
struct Requantisation {
  std::vector<double> factors;  ///< of each channel: the real value of 1, over the output's scale
  std::vector<double> biases;   ///< of each channel, in the same unit as the sums
  Clamp clamp;                  ///< of real numbers
  const Quantisation& output;
  /// Added to each output before the clamp, in units of the output's scale; empty for none.
  std::vector<double> residual = {};
};

template <typename T>
std::vector<T> Requantised(const std::vector<std::int64_t>& sums, std::size_t channels,
                           std::size_t plane, const Requantisation& to) {
  const double scale = to.output.scales[0];
  const double low = to.clamp.low / scale;
  const double high = to.clamp.high / scale;
  std::vector<T> result;
  result.reserve(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t c = i / plane % channels;
    double scaled = (static_cast<double>(sums[i]) + to.biases[c]) * to.factors[c];
    if (!to.residual.empty()) scaled += to.residual[i];
    result.push_back(Saturated<T>(std::min(std::max(scaled, low), high), to.output.zero_points[0],
                                  to.output.rounding));
  }
  return result;
}

/// Sets factors and biases. A bias is an integer in the unit of the sums, as ONNX has it.
Requantisation MakeRequantisation(const Quantisation& x, const Quantisation& w, const Tensor* bias,
                                  std::size_t channels, const Clamp& clamp,
                                  const Quantisation& output) {
  Requantisation to{{}, {}, clamp, output};
  for (std::size_t c = 0; c < channels; ++c) {
    const double weight_scale = w.scales[w.is_per_axis() ? c : 0];
    to.factors.push_back(x.scales[0] * weight_scale / output.scales[0]);
    to.biases.push_back(
        bias == nullptr ? 0.0 : static_cast<double>(bias->IntegerAt(static_cast<std::int64_t>(c))));
  }
  return to;
}

const Quantisation& QuantisationOf(const Graph& graph, const Node& node, std::size_t input) {
  return *graph.Input(node, input)->quantisation;
}

Tensor ApplyIntegerConv(const Conv& conv, const Graph& graph, const Node& node,
                        const std::vector<const Tensor*>& inputs) {
  const Quantisation& x = QuantisationOf(graph, node, 0);
  const Quantisation& w = QuantisationOf(graph, node, 1);
  const Value& out = graph.at(node.output);
  const auto sums = ConvSums(conv, inputs[0]->shape(), Centred(*inputs[0], x), inputs[1]->shape(),
                             Centred(*inputs[1], w), out.shape);
  const std::size_t channels = Index(out.shape[1]);
  Requantisation to = MakeRequantisation(x, w, inputs[2], channels, conv.clamp, *out.quantisation);
  if (inputs.size() > 3 && inputs[3] != nullptr) {
    const Quantisation& residual = QuantisationOf(graph, node, 3);
    const double factor = double{residual.scales[0]} / double{out.quantisation->scales[0]};
    for (const std::int32_t integer : Centred(*inputs[3], residual)) {
      to.residual.push_back(integer * factor);
    }
  }
  return ForIntegerType(out.type, [&]<typename T>(T) {
    return Tensor(out.shape,
                  Requantised<T>(sums, channels, Index(out.shape[2] * out.shape[3]), to));
  });
}

Tensor ApplyIntegerDense(const Dense& dense, const Graph& graph, const Node& node,
                         const std::vector<const Tensor*>& inputs) {
  const Quantisation& x = QuantisationOf(graph, node, 0);
  const Quantisation& w = QuantisationOf(graph, node, 1);
  const Value& out = graph.at(node.output);
  const auto sums =
      DenseSums(dense, Centred(*inputs[0], x), inputs[1]->shape(), Centred(*inputs[1], w));
  const std::size_t channels = Index(out.shape.back());
  const Requantisation to =
      MakeRequantisation(x, w, inputs[2], channels, dense.clamp, *out.quantisation);
  return ForIntegerType(out.type, [&]<typename T>(T) {
    return Tensor(out.shape, Requantised<T>(sums, channels, 1, to));
  });
}

}  // namespace

Quantisation ToQuantisation(const Tensor& scale, const Tensor* zero_point, std::int64_t axis) {
  Quantisation quantisation;
  quantisation.scales = scale.floats();
  for (std::int64_t i = 0; i < scale.size(); ++i) {
    quantisation.zero_points.push_back(
        zero_point == nullptr ? 0 : static_cast<std::int32_t>(zero_point->IntegerAt(i)));
  }
  quantisation.axis = axis;
  return quantisation;
}

Tensor ApplyQuantize(const Quantisation& quantisation, DataType type, const Tensor& x) {
  const ScaleIndex index(quantisation, x.shape());
  const std::vector<float>& all = x.floats();
  return ForIntegerType(type, [&]<typename T>(T) {
    std::vector<T> result;
    result.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t at = index(i);
      result.push_back(Saturated<T>(double{all[i] / quantisation.scales[at]},
                                    quantisation.zero_points[at], quantisation.rounding));
    }
    return Tensor(x.shape(), std::move(result));
  });
}

Tensor ApplyDequantize(const Quantisation& quantisation, const Tensor& x) {
  const ScaleIndex index(quantisation, x.shape());
  const std::vector<std::int32_t> centred = Centred(x, quantisation);
  std::vector<float> result;
  result.reserve(centred.size());
  for (std::size_t i = 0; i < centred.size(); ++i) {
    result.push_back(static_cast<float>(centred[i]) * quantisation.scales[index(i)]);
  }
  return Tensor(x.shape(), std::move(result));
}

Tensor ApplyQuantised(const Graph& graph, const Node& node,
                      const std::vector<const Tensor*>& inputs) {
  if (const auto* conv = std::get_if<Conv>(&node.operation)) {
    return ApplyIntegerConv(*conv, graph, node, inputs);
  }
  if (const auto* dense = std::get_if<Dense>(&node.operation)) {
    return ApplyIntegerDense(*dense, graph, node, inputs);
  }
  std::vector<Tensor> real;
  std::vector<const Tensor*> pointers;
  real.reserve(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Value* value = graph.Input(node, i);
    if (value == nullptr || !value->quantisation) {
      pointers.push_back(inputs[i]);
      continue;
    }
    real.push_back(ApplyDequantize(*value->quantisation, *inputs[i]));
    pointers.push_back(&real.back());
  }
  // The same node with an output of real numbers.
  Graph floats;
  Node with_floats = node;
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    if (pointers[i] == nullptr) continue;
    with_floats.inputs[i] = floats.Add({"", pointers[i]->type(), pointers[i]->shape()});
  }
  const Value& out = graph.at(node.output);
  with_floats.output = floats.Add({out.name, DataType::kFloat, out.shape});
  return ApplyQuantize(*out.quantisation, out.type, Apply(floats, with_floats, pointers));
}

}  // namespace foothold::network
