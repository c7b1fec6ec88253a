// QuantizeLinear and DequantizeLinear, and the operators of the QOperator form, which are written
// out as Dequantize, the operator, Quantize.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/import/node_importer.h"
#include "network/import/window.h"

namespace foothold::network {
namespace {

/// A scale and a zero point as the inputs of a Quantize or Dequantize.
struct Scaling {
  ValueId scale = kNone;
  ValueId zero_point = kNone;
};

/// Reads and checks the scale in one input and the zero point in the next. `x` is what is scaled.
Result<Scaling> ReadScaling(NodeImporter& node, std::size_t index, const Shape& shape,
                            std::int64_t axis) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor scale, node.ConstantInput(index));
  if (scale.type() != DataType::kFloat || scale.shape().size() > 1) {
    return node.InputError(index, "must be one scale, or a list of scales, as float32");
  }
  const bool is_good =
      scale.size() > 0 && std::all_of(scale.floats().begin(), scale.floats().end(),
                                      [](float one) { return one > 0 && std::isfinite(one); });
  if (!is_good) return node.InputError(index, "must be scales above 0");
  const bool has_axis = axis >= 0 && axis < static_cast<std::int64_t>(shape.size());
  if (scale.size() > 1 && (!has_axis || scale.size() != shape[static_cast<std::size_t>(axis)])) {
    return node.InputError(
        index, fmt::format("has {} scales, must have one, or one for each index of axis {} of {}",
                           scale.size(), axis, ToString(shape)));
  }
  Scaling scaling;
  FOOTHOLD_ASSIGN_OR_RETURN(scaling.scale, node.Input(index));
  if (!node.HasInput(index + 1)) return scaling;
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor zero_point, node.ConstantInput(index + 1));
  FOOTHOLD_ASSIGN_OR_RETURN(scaling.zero_point, node.Input(index + 1));
  const bool is_integer = IsQuantised(zero_point.type()) || zero_point.type() == DataType::kInt32;
  if (!is_integer || zero_point.size() != scale.size()) {
    return node.InputError(
        index + 1,
        fmt::format("is {} {}, must be as many int8 or uint8 as there are scales, {}",
                    ToString(zero_point.type()), ToString(zero_point.shape()), scale.size()));
  }
  return scaling;
}

Result<ValueId> MakeDequantized(NodeImporter& node, std::string_view suffix, ValueId x,
                                const Scaling& scaling, std::int64_t axis) {
  const DataType type = node.at(x).type;
  if (!IsQuantised(type) && type != DataType::kInt32) {
    return node.Error(
        fmt::format("'{}' is {}, must be int8, uint8 or int32", node.at(x).name, ToString(type)));
  }
  if (scaling.zero_point != kNone && node.at(scaling.zero_point).type != type) {
    return node.Error(fmt::format("the zero point '{}' is {}, must be {} as what it belongs to",
                                  node.at(scaling.zero_point).name,
                                  ToString(node.at(scaling.zero_point).type), ToString(type)));
  }
  const Shape shape = node.at(x).shape;
  return node.Make(suffix, Dequantize{axis}, {x, scaling.scale, scaling.zero_point},
                   DataType::kFloat, shape);
}

/// The x that `index` has, with its scale and zero point in the next two inputs, as real numbers.
Result<ValueId> Real(NodeImporter& node, std::size_t index, std::int64_t axis = 1) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(index));
  FOOTHOLD_ASSIGN_OR_RETURN(const Scaling scaling,
                            ReadScaling(node, index + 1, node.at(x).shape, axis));
  return MakeDequantized(node, fmt::format(":real{}", index), x, scaling, axis);
}

/// Ends a node whose result is the real numbers `x`, with the output's scale at `index`.
Status EmitQuantized(NodeImporter& node, ValueId x, std::size_t index, std::int64_t axis = 1,
                     DataType without_zero_point = DataType::kUint8) {
  const Shape shape = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const Scaling scaling, ReadScaling(node, index, shape, axis));
  const DataType type =
      scaling.zero_point == kNone ? without_zero_point : node.at(scaling.zero_point).type;
  if (!IsQuantised(type)) {
    return node.InputError(index + 1, fmt::format("is {}, must be int8 or uint8", ToString(type)));
  }
  return node.Emit(Quantize{axis}, {x, scaling.scale, scaling.zero_point}, type, shape);
}

Result<std::int64_t> ReadAxis(NodeImporter& node, const Shape& shape) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis, node.Int("axis", 1));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("block_size", 0));
  node.Ignore("saturate");
  node.Ignore("precision");
  // Tensors with one scale may have any axis, also one that they do not have.
  return axis < 0 ? axis + static_cast<std::int64_t>(shape.size()) : axis;
}

Status ImportQuantize(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis, ReadAxis(node, node.at(x).shape));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t type, node.Int("output_dtype", 0));
  const bool is_int8 = type == static_cast<std::int64_t>(onnx::DataType::kInt8);
  return EmitQuantized(node, x, 1, axis, is_int8 ? DataType::kInt8 : DataType::kUint8);
}

Status ImportDequantize(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis, ReadAxis(node, node.at(x).shape));
  node.Ignore("output_dtype");
  FOOTHOLD_ASSIGN_OR_RETURN(const Scaling scaling, ReadScaling(node, 1, node.at(x).shape, axis));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId real, MakeDequantized(node, "", x, scaling, axis));
  return node.EmitAlias(real);
}

/// An int32 bias, whose scale is that of the products: of the input times that of the weight.
Result<ValueId> RealBias(NodeImporter& node, std::size_t bias_index, std::size_t x_scale,
                         std::size_t w_scale, float alpha) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId bias, node.Input(bias_index));
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor x, node.ConstantInput(x_scale));
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor w, node.ConstantInput(w_scale));
  const Shape& shape = node.at(bias).shape;
  if (x.size() != 1) return node.InputError(x_scale, "must be one scale");
  if (node.at(bias).type != DataType::kInt32 || shape.size() != 1 ||
      (w.size() != 1 && w.size() != shape[0])) {
    return node.InputError(bias_index, "must be a list of int32, one for each output channel");
  }
  std::vector<float> scales;
  for (const float one : w.floats()) scales.push_back(alpha * x.floats()[0] * one);
  const Shape scale_shape = scales.size() == 1 ? Shape{} : Shape{w.size()};
  const ValueId scale = node.MakeConstant(":bias_scale", Tensor(scale_shape, std::move(scales)));
  return MakeDequantized(node, ":bias", bias, {scale, kNone}, 0);
}

Status ImportQLinearConv(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, Real(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId w, Real(node, 3, 0));
  ValueId bias = kNone;
  if (node.HasInput(8)) {
    FOOTHOLD_ASSIGN_OR_RETURN(bias, RealBias(node, 8, 1, 4, 1));
  }
  const Shape in = node.at(x).shape;
  const Shape weight = node.at(w).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t group, node.Int("group", 1));
  if (in.size() != 4 || weight.size() != 4 || group < 1 || weight[0] % group != 0 ||
      in[1] != weight[1] * group || (bias != kNone && node.at(bias).shape != Shape{weight[0]})) {
    return node.Error(fmt::format("the input {} and the weight {} do not fit together (group {})",
                                  ToString(in), ToString(weight), group));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(
      const SlidingWindow sliding,
      ReadWindow(node, in[2], in[3], {weight[2], weight[3]}, /*is_pool=*/false));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const ValueId out,
      node.Make(":real", Conv{.window = sliding.window, .group = group}, {x, w, bias},
                DataType::kFloat, {in[0], weight[0], sliding.out_height, sliding.out_width}));
  return EmitQuantized(node, out, 6);
}

Status EmitDense(NodeImporter& node, const Dense& dense, ValueId a, ValueId b, ValueId bias,
                 std::optional<std::size_t> out_scale) {
  Shape out = node.at(a).shape;
  const Shape weight = node.at(b).shape;
  if (out.empty() || weight.size() != 2 || weight[dense.weight_is_in_out ? 0 : 1] != out.back()) {
    return node.Error(fmt::format("the input {} and the weight {} do not fit together",
                                  ToString(out), ToString(weight)));
  }
  out.back() = weight[dense.weight_is_in_out ? 1 : 0];
  if (bias != kNone && node.at(bias).shape != Shape{out.back()}) {
    return node.Error(
        fmt::format("the bias is {}, must be {}", ToString(node.at(bias).shape), out.back()));
  }
  if (!out_scale) return node.Emit(dense, {a, b, bias}, DataType::kFloat, out);
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId real,
                            node.Make(":real", dense, {a, b, bias}, DataType::kFloat, out));
  return EmitQuantized(node, real, *out_scale);
}

Status ImportQLinearMatMul(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, Real(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, Real(node, 3, 1));
  return EmitDense(node, Dense{.weight_is_in_out = true}, a, b, kNone, 6);
}

Status ImportQGemm(NodeImporter& node) {
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("transA", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t is_out_in, node.Int("transB", 0));
  Dense dense{.weight_is_in_out = is_out_in == 0};
  FOOTHOLD_ASSIGN_OR_RETURN(dense.alpha, node.Float("alpha", 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, Real(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, Real(node, 3, dense.weight_is_in_out ? 1 : 0));
  ValueId bias = kNone;
  if (node.HasInput(6)) {
    FOOTHOLD_ASSIGN_OR_RETURN(bias, RealBias(node, 6, 1, 4, dense.alpha));
  }
  return EmitDense(node, dense, a, b, bias,
                   node.HasInput(7) ? std::optional<std::size_t>(7) : std::nullopt);
}

/// A, its scale and zero point, B, its own, the output's.
template <Binary::Kind kKind>
Status ImportQLinearBinary(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, Real(node, 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, Real(node, 3));
  const Shape left = node.at(a).shape;
  const Shape right = node.at(b).shape;
  if (left != right) {
    return node.Error(fmt::format("the inputs have the shapes {} and {}, must have the same",
                                  ToString(left), ToString(right)));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(
      const ValueId out, node.Make(":real", Binary{.kind = kKind}, {a, b}, DataType::kFloat, left));
  return EmitQuantized(node, out, 6);
}

/// Ends a node of one input that keeps its shape.
Status EmitQuantisedUnary(NodeImporter& node, const Operation& operation) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, Real(node, 0));
  const Shape shape = node.at(x).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId out,
                            node.Make(":real", operation, {x}, DataType::kFloat, shape));
  return EmitQuantized(node, out, 3);
}

Status ImportQLinearLeakyRelu(NodeImporter& node) {
  LeakyRelu relu;
  FOOTHOLD_ASSIGN_OR_RETURN(relu.slope, node.Float("alpha", relu.slope));
  return EmitQuantisedUnary(node, relu);
}
Status ImportQLinearSigmoid(NodeImporter& node) { return EmitQuantisedUnary(node, Sigmoid{}); }

Status ImportQLinearGlobalAveragePool(NodeImporter& node) {
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("channels_last", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, Real(node, 0));
  const Shape in = node.at(x).shape;
  if (in.size() != 4) return node.InputError(0, "must have 4 dimensions");
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId out, node.Make(":real", Mean{{2, 3}}, {x},
                                                         DataType::kFloat, {in[0], in[1], 1, 1}));
  return EmitQuantized(node, out, 3);
}

Status ImportQLinearAveragePool(NodeImporter& node) {
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("channels_last", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, Real(node, 0));
  const Shape in = node.at(x).shape;
  if (in.size() != 4) return node.InputError(0, "must have 4 dimensions");
  FOOTHOLD_ASSIGN_OR_RETURN(const SlidingWindow sliding,
                            ReadWindow(node, in[2], in[3], {}, /*is_pool=*/true));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t counts, node.Int("count_include_pad", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const ValueId out,
      node.Make(":real", AveragePool{sliding.window, counts != 0}, {x}, DataType::kFloat,
                {in[0], in[1], sliding.out_height, sliding.out_width}));
  return EmitQuantized(node, out, 3);
}

/// The output's scale and zero point, then each input with its own.
Status ImportQLinearConcat(NodeImporter& node) {
  std::vector<ValueId> inputs;
  for (std::size_t i = 2; i < std::max<std::size_t>(3, node.input_count()); i += 3) {
    FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, Real(node, i));
    inputs.push_back(x);
  }
  Shape out = node.at(inputs[0]).shape;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t given, node.Int("axis", 1));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis,
                            node.Axis("attribute 'axis'", given, out.size()));
  const auto at = static_cast<std::size_t>(axis);
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    const Shape& shape = node.at(inputs[i]).shape;
    Shape same = shape;
    if (same.size() == out.size()) same[at] = out[at];
    if (same != out) {
      return node.Error(
          fmt::format("the inputs have the shapes {} and {}, must differ in axis {} "
                      "only",
                      ToString(out), ToString(shape), axis));
    }
    out[at] += shape[at];
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId all,
                            node.Make(":real", Concat{axis}, inputs, DataType::kFloat, out));
  return EmitQuantized(node, all, 0);
}

}  // namespace

void AddQuantised(ImportTable& table) {
  table["QuantizeLinear"] = ImportQuantize;
  table["DequantizeLinear"] = ImportDequantize;
  table["com.microsoft.QuantizeLinear"] = ImportQuantize;
  table["com.microsoft.DequantizeLinear"] = ImportDequantize;
  table["QLinearConv"] = ImportQLinearConv;
  table["QLinearMatMul"] = ImportQLinearMatMul;
  table["com.microsoft.QGemm"] = ImportQGemm;
  table["com.microsoft.QLinearAdd"] = ImportQLinearBinary<Binary::Kind::kAdd>;
  table["com.microsoft.QLinearMul"] = ImportQLinearBinary<Binary::Kind::kMultiply>;
  table["com.microsoft.QLinearConcat"] = ImportQLinearConcat;
  table["com.microsoft.QLinearLeakyRelu"] = ImportQLinearLeakyRelu;
  table["com.microsoft.QLinearSigmoid"] = ImportQLinearSigmoid;
  table["com.microsoft.QLinearAveragePool"] = ImportQLinearAveragePool;
  table["com.microsoft.QLinearGlobalAveragePool"] = ImportQLinearGlobalAveragePool;
}

}  // namespace foothold::network
