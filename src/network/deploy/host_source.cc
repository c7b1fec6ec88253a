#include "network/deploy/host_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "network/compile/exponents.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

std::string ShapeSource(const Shape& shape) {
  return fmt::format("{{{}, {{{}}}}}", shape.size(), base::Joined(shape, ", "));
}

/// The shape with sizes of 1 in front, so that it has the rank of the output.
Shape Extended(const Shape& shape, std::size_t rank) {
  Shape extended(rank - shape.size(), 1);
  extended.insert(extended.end(), shape.begin(), shape.end());
  return extended;
}

std::string WindowSource(const Window& w) {
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}}}", w.kernel_h, w.kernel_w, w.stride_h,
                     w.stride_w, w.dilation_h, w.dilation_w, w.pad_top, w.pad_left);
}

std::string ImageSource(const Shape& in, const Shape& out) {
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}}}", in[0], in[1], in[2], in[3], out[1], out[2],
                     out[3]);
}

std::int64_t Product(const Shape& shape, std::size_t first, std::size_t last) {
  std::int64_t product = 1;
  for (std::size_t i = first; i < last; ++i) product *= shape[i];
  return product;
}

/// Writes the calls of one node.
class NodeWriter {
 public:
  NodeWriter(const Graph& graph, const Node& node, const std::string& scratch)
      : graph_(graph), node_(node), scratch_(scratch), out_(graph.at(node.output)) {}

  std::string operator()(const Conv& conv) const {
    std::string source = ImageAndWindow(conv.window);
    const std::string common =
        fmt::format("&image, &window, {}, {}, {}, {}, {}", conv.group, In(0), In(1), In(2), In(3));
    if (is_integer()) {
      return source + RequantiseSource(conv.clamp) +
             fmt::format("conv_int8({}, {}, &to, {});\n", common, ResidualShift(), Out());
    }
    return source +
           fmt::format("conv_float({}, {}, {});\n", common, ClampSource(conv.clamp), Out());
  }
  std::string operator()(const Dense& dense) const {
    const std::int64_t in = Input(0).shape.back();
    const std::int64_t out = out_.shape.back();
    const std::string sizes = fmt::format("{}, {}, {}, {}", Elements(Input(0).shape) / in, in, out,
                                          dense.weight_is_in_out ? 1 : 0);
    if (is_integer()) {
      return RequantiseSource(dense.clamp) + fmt::format("dense_int8({}, {}, {}, {}, &to, {});\n",
                                                         sizes, In(0), In(1), In(2), Out());
    }
    return fmt::format("dense_float({}, {}, {}, {}, {}, {}, {}, {});\n", sizes, CFloat(dense.alpha),
                       CFloat(dense.beta), In(0), In(1), In(2), ClampSource(dense.clamp), Out());
  }
  std::string operator()(const BatchNorm& norm) const {
    const Shape& shape = Input(0).shape;
    return fmt::format("batch_norm({}, {}, {}, {}, {}, {}, {}, {}, {}, {});\n", In(0), shape[0],
                       shape[1], Product(shape, 2, shape.size()), In(1), In(2), In(3), In(4),
                       CFloat(norm.epsilon), Out());
  }
  std::string operator()(const Clip& clip) const {
    const std::int64_t count = Elements(out_.shape);
    return WithFloats([&](const std::vector<std::string>& in, const std::string& out) {
      return fmt::format("clip({}, {}, {}, {});\n", in[0], count, ClampSource(clip.clamp), out);
    });
  }
  std::string operator()(const LeakyRelu& relu) const {
    return fmt::format("leaky_relu({}, {}, {}, {});\n", In(0), Elements(out_.shape),
                       CFloat(relu.slope), Out());
  }
  std::string operator()(const Sigmoid& /*no options*/) const {
    return fmt::format("sigmoid({}, {}, {});\n", In(0), Elements(out_.shape), Out());
  }
  std::string operator()(const Softmax& softmax) const {
    const Shape& shape = out_.shape;
    const std::size_t first = Index(softmax.first);
    const std::size_t behind = Index(softmax.last) + 1;
    return fmt::format("softmax({}, {}, {}, {}, {});\n", In(0), Product(shape, 0, first),
                       Product(shape, first, behind), Product(shape, behind, shape.size()), Out());
  }
  std::string operator()(const MaxPool& pool) const {
    return ImageAndWindow(pool.window) + fmt::format("max_pool_{}(&image, &window, {}, {});\n",
                                                     is_integer() ? "int8" : "float", In(0), Out());
  }
  std::string operator()(const AveragePool& pool) const {
    return ImageAndWindow(pool.window) +
           fmt::format("average_pool(&image, &window, {}, {}, {}, {}, {});\n",
                       pool.window.pad_bottom, pool.window.pad_right, pool.counts_padding ? 1 : 0,
                       In(0), Out());
  }
  std::string operator()(const Mean& mean) const {
    std::int64_t axes = 0;
    for (const std::int64_t axis : mean.axes) axes |= std::int64_t{1} << axis;
    return Define("shape", "shape", ShapeSource(Input(0).shape)) +
           fmt::format("mean(&shape, {}, {}, {});\n", axes, In(0), Out());
  }
  std::string operator()(const Binary& binary) const {
    constexpr const char* kKinds[] = {"BINARY_ADD", "BINARY_SUBTRACT", "BINARY_MULTIPLY",
                                      "BINARY_DIVIDE"};
    const std::size_t rank = out_.shape.size();
    return Define("shape", "out", ShapeSource(out_.shape)) +
           Define("shape", "a", ShapeSource(Extended(Input(0).shape, rank))) +
           Define("shape", "b", ShapeSource(Extended(Input(1).shape, rank))) +
           WithFloats([&](const std::vector<std::string>& in, const std::string& out) {
             return fmt::format("binary_float({}, &out, &a, {}, &b, {}, {}, {});\n",
                                kKinds[static_cast<std::size_t>(binary.kind)], in[0], in[1],
                                ClampSource(binary.clamp), out);
           });
  }
  std::string operator()(const Reshape& /*no options*/) const {
    return fmt::format("memcpy({}, {}, {});\n", Out(), In(0), Elements(out_.shape) * Bytes());
  }
  std::string operator()(const Transpose& transpose) const {
    const std::vector<std::int64_t> strides = StridesOf(Input(0).shape);
    std::vector<std::int64_t> steps;
    for (const std::int64_t axis : transpose.permutation) steps.push_back(strides[Index(axis)]);
    return Define("shape", "out", ShapeSource(out_.shape)) + Numbers("steps", steps) +
           fmt::format("transpose(&out, steps, {}, {}, {});\n", Bytes(), In(0), Out());
  }
  std::string operator()(const Concat& concat) const {
    const std::size_t axis = Index(concat.axis);
    const auto run = [&](const Shape& shape) {
      return Product(shape, axis, shape.size()) * Bytes();
    };
    std::string source;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      const Shape& shape = Input(i).shape;
      source += fmt::format("copy_pieces({}, {}, {}, (char *){} + {}, {});\n", In(i),
                            Product(shape, 0, axis), run(shape), Out(), first, run(out_.shape));
      first += run(shape);
    }
    return source;
  }
  std::string operator()(const Pad& pad) const {
    return Define("shape", "out", ShapeSource(out_.shape)) +
           Define("shape", "in", ShapeSource(Input(0).shape)) + Numbers("before", pad.before) +
           fmt::format("const float fill = {};\n", CFloat(pad.value)) +
           fmt::format("pad(&out, &in, before, {}, &fill, {}, {});\n", Bytes(), In(0), Out());
  }
  std::string operator()(const Resize& resize) const {
    const Shape& in = Input(0).shape;
    std::string source =
        Define("shape", "out", ShapeSource(out_.shape)) + Define("shape", "in", ShapeSource(in));
    std::vector<std::string> names;
    for (std::size_t axis = 0; axis < in.size(); ++axis) {
      std::vector<std::int64_t> from;
      for (std::int64_t at = 0; at < out_.shape[axis]; ++at) {
        from.push_back(NearestInput(resize, axis, at, in[axis], out_.shape[axis]));
      }
      names.push_back(fmt::format("axis{}", axis));
      source += Numbers(names.back(), from);
    }
    return source +
           fmt::format("static const int *const from[] = {{{}}};\n", base::Joined(names, ", ")) +
           fmt::format("resize(&out, &in, from, {}, {}, {});\n", Bytes(), In(0), Out());
  }
  std::string operator()(const Quantize& /*an axis of scales that nothing here has*/) const {
    return fmt::format("quantize({}, {}, {}, {});\n", In(0), Elements(out_.shape), CFloat(Scale()),
                       Out());
  }
  std::string operator()(const Dequantize& /*as above*/) const {
    return fmt::format("dequantize({}, {}, {}, {});\n", In(0), Elements(out_.shape),
                       CFloat(Scale()), Out());
  }

 private:
  /// Of Quantize and Dequantize.
  float Scale() const { return Input(1).constant->floats()[0]; }
  bool is_integer() const { return out_.type == DataType::kInt8; }
  const Value& Input(std::size_t index) const { return *graph_.Input(node_, index); }
  std::string In(std::size_t index) const {
    return graph_.Input(node_, index) == nullptr ? "NULL" : CName(graph_, node_.inputs[index]);
  }
  std::string Out() const { return CName(graph_, node_.output); }
  int Bytes() const { return is_integer() ? 1 : 4; }

  static std::string Define(const char* type, const char* name, const std::string& value) {
    return fmt::format("static const struct {} {} = {};\n", type, name, value);
  }
  static std::string Numbers(const std::string& name, const std::vector<std::int64_t>& numbers) {
    return fmt::format("static const int {}[] = {{{}}};\n", name, base::Joined(numbers, ", "));
  }
  static std::string ClampSource(const Clamp& clamp) {
    return CFloat(clamp.low) + ", " + CFloat(clamp.high);
  }
  std::string ImageAndWindow(const Window& window) const {
    return Define("image", "image", ImageSource(Input(0).shape, out_.shape)) +
           Define("window", "window", WindowSource(window));
  }

  int UnitExponent() const { return *ExponentOf(Input(0)) + *ExponentOf(Input(1)); }
  int ResidualShift() const {
    return graph_.Input(node_, 3) == nullptr ? 0 : *ExponentOf(Input(3)) - UnitExponent();
  }
  std::string RequantiseSource(const Clamp& clamp) const {
    const vta::Epilogue to = ShiftAndClamp(*ExponentOf(out_) - UnitExponent(), clamp, out_);
    return Define("requantise", "to",
                  fmt::format("{{{}, {}, {}}}", to.shift, to.clip_min, to.clip_max));
  }

  /// Of integers: takes them to real numbers and back.
  template <typename Call>
  std::string WithFloats(const Call& call) const {
    std::vector<std::string> names;
    if (!is_integer()) {
      for (std::size_t i = 0; i < node_.inputs.size(); ++i) names.push_back(In(i));
      return call(names, Out());
    }
    std::string source;
    std::int64_t used = 0;
    const auto next = [&](std::int64_t count) {
      const std::string name = used == 0 ? scratch_ : fmt::format("{} + {}", scratch_, used);
      used += count;
      return name;
    };
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      const std::int64_t count = Elements(Input(i).shape);
      names.push_back(next(count));
      source += fmt::format("dequantize({}, {}, {}, {});\n", In(i), count,
                            CFloat(Input(i).quantisation->scales[0]), names.back());
    }
    const std::int64_t count = Elements(out_.shape);
    const std::string out = next(count);
    return source + call(names, out) +
           fmt::format("quantize_half_up({}, {}, {}, {});\n", out, count,
                       CFloat(out_.quantisation->scales[0]), Out());
  }

  const Graph& graph_;
  const Node& node_;
  const std::string& scratch_;
  const Value& out_;
};

}  // namespace

std::string CFloat(float value) {
  if (std::isinf(value)) return value < 0 ? "-INFINITY" : "INFINITY";
  if (std::isnan(value)) return "NAN";
  return fmt::format("{:a}f", value);
}

std::string CName(const Graph& graph, ValueId value) {
  const bool is_input = std::count(graph.inputs.begin(), graph.inputs.end(), value) > 0;
  if (is_input) return "input";
  return fmt::format("{}{}", graph.at(value).constant ? 'c' : 'v', value);
}

std::int64_t ScratchFloats(const Graph& graph, const Node& node) {
  const bool is_mapped = std::holds_alternative<Clip>(node.operation) ||
                         std::holds_alternative<Binary>(node.operation);
  if (!is_mapped || graph.at(node.output).type != DataType::kInt8) return 0;
  std::int64_t floats = Elements(graph.at(node.output).shape);
  for (const ValueId input : node.inputs) floats += Elements(graph.at(input).shape);
  return floats;
}

std::string NodeSource(const Graph& graph, const Node& node, const std::string& scratch) {
  return std::visit(NodeWriter(graph, node, scratch), node.operation);
}

std::string LayoutSource(const Storage& storage, const vta::Geometry& geometry) {
  const View& view = storage.view;
  Fold fold = storage.fold.value_or(Fold{});
  if (!storage.fold) {
    fold.rows.positions = view.height;
    fold.columns.positions = view.width;
  }
  const auto axis = [](const AxisFold& one) {
    return fmt::format("{}, {}, {}, {}", one.lines, one.stride, one.pad, one.positions);
  };
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}}}", geometry.batch(), geometry.block(),
                     view.batch, view.channels, view.height, view.width, axis(fold.rows),
                     axis(fold.columns));
}

std::string ConstantSource(const Graph& graph, ValueId value) {
  const Tensor& tensor = *graph.at(value).constant;
  std::vector<std::string> numbers;
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    numbers.push_back(tensor.type() == DataType::kFloat ? CFloat(tensor.floats()[Index(i)])
                                                        : std::to_string(tensor.IntegerAt(i)));
  }
  const char* type = tensor.type() == DataType::kFloat  ? "float"
                     : tensor.type() == DataType::kInt8 ? "int8_t"
                                                        : "int32_t";
  return fmt::format("static const {} {}[] = {{{}}};\n", type, CName(graph, value),
                     base::Joined(numbers, ", "));
}

bool UsesExp(const Node& node) {
  return std::holds_alternative<Softmax>(node.operation) ||
         std::holds_alternative<Sigmoid>(node.operation);
}

}  // namespace foothold::network
