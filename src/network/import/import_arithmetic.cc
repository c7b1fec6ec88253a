// Operators that compute element by element, and Softmax.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/import/node_importer.h"

namespace foothold::network {
namespace {

/// Shapes of more are no shapes: so no sum or product of theirs overflows.
constexpr std::int64_t kMostInteger = std::int64_t{1} << 31;

/// The shape of both, each size 1 repeated; an error naming them when they do not fit.
Result<Shape> Broadcast(const NodeImporter& node, const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (left != right && left != 1 && right != 1) {
      return node.Error(
          fmt::format("the inputs have the shapes {} and {}, must have sizes that "
                      "are equal or 1",
                      ToString(a), ToString(b)));
    }
    out[out.size() - 1 - i] = left == 1 ? right : left;
  }
  return out;
}

/// Whether the arithmetic of shapes is safe on these constants.
bool AreSmall(const Value& value, bool may_be_zero) {
  if (!value.constant) return false;
  for (std::int64_t i = 0; i < value.constant->size(); ++i) {
    const std::int64_t integer = value.constant->IntegerAt(i);
    if (std::abs(integer) > kMostInteger || (integer == 0 && !may_be_zero)) return false;
  }
  return true;
}

Result<ValueId> MakeBinary(NodeImporter& node, std::string_view suffix, Binary::Kind kind,
                           ValueId a, ValueId b) {
  const DataType type = node.at(a).type;
  const bool is_shape = type == DataType::kInt64 && node.at(b).type == DataType::kInt64;
  if (is_shape &&
      (!AreSmall(node.at(a), true) || !AreSmall(node.at(b), kind != Binary::Kind::kDivide))) {
    return node.Error("the int64 inputs must be constants that describe shapes");
  }
  if (!is_shape && (type != DataType::kFloat || node.at(b).type != DataType::kFloat)) {
    return node.Error(fmt::format("the inputs are {} and {}, must be float32", ToString(type),
                                  ToString(node.at(b).type)));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(Shape out, Broadcast(node, node.at(a).shape, node.at(b).shape));
  return node.Make(suffix, Binary{.kind = kind}, {a, b}, type, std::move(out));
}

template <Binary::Kind kKind>
Status ImportBinary(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId a, node.Input(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId b, node.Input(1));
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId out, MakeBinary(node, "", kKind, a, b));
  return node.EmitAlias(out);
}

Status ImportSum(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(ValueId sum, node.FloatInput(0));
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(const ValueId next, node.FloatInput(i));
    const bool is_last = i + 1 == node.input_count();
    FOOTHOLD_ASSIGN_OR_RETURN(
        sum, MakeBinary(node, is_last ? "" : fmt::format(":{}", i), Binary::Kind::kAdd, sum, next));
  }
  return node.EmitAlias(sum);
}

Status EmitUnary(NodeImporter& node, const Operation& operation) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0));
  return node.Emit(operation, {x}, DataType::kFloat, node.at(x).shape);
}

Status ImportRelu(NodeImporter& node) { return EmitUnary(node, Clip{{.low = 0}}); }

/// One limit of a Clip: an attribute before operator set 11, a constant input since.
Status ReadLimit(NodeImporter& node, std::string_view attribute, std::size_t index, float& limit) {
  if (node.opset() < 11) {
    FOOTHOLD_ASSIGN_OR_RETURN(limit, node.Float(attribute, limit));
    return {};
  }
  if (!node.HasInput(index)) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor tensor, node.ConstantInput(index));
  if (tensor.type() != DataType::kFloat || tensor.size() != 1) {
    return node.InputError(index, "must be one float32 number");
  }
  limit = tensor.floats()[0];
  return {};
}

Status ImportClip(NodeImporter& node) {
  Clip clip;
  FOOTHOLD_RETURN_IF_ERROR(ReadLimit(node, "min", 1, clip.clamp.low));
  FOOTHOLD_RETURN_IF_ERROR(ReadLimit(node, "max", 2, clip.clamp.high));
  if (!(clip.clamp.low <= clip.clamp.high)) {
    return node.Error(
        fmt::format("clips from {} to {}, must have a minimum that is not above the "
                    "maximum",
                    clip.clamp.low, clip.clamp.high));
  }
  return EmitUnary(node, clip);
}

Status ImportLeakyRelu(NodeImporter& node) {
  LeakyRelu relu;
  FOOTHOLD_ASSIGN_OR_RETURN(relu.slope, node.Float("alpha", relu.slope));
  return EmitUnary(node, relu);
}

Status ImportSigmoid(NodeImporter& node) { return EmitUnary(node, Sigmoid{}); }

Status ImportSoftmax(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.FloatInput(0));
  const std::size_t rank = node.at(x).shape.size();
  // Before operator set 13 everything from the axis on is one distribution.
  const bool is_old = node.opset() < 13;
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t given, node.Int("axis", is_old ? 1 : -1));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t axis, node.Axis("attribute 'axis'", given, rank));
  const std::int64_t last = is_old ? static_cast<std::int64_t>(rank) - 1 : axis;
  return EmitUnary(node, Softmax{axis, last});
}

}  // namespace

void AddArithmetic(ImportTable& table) {
  table["Add"] = ImportBinary<Binary::Kind::kAdd>;
  table["Sub"] = ImportBinary<Binary::Kind::kSubtract>;
  table["Mul"] = ImportBinary<Binary::Kind::kMultiply>;
  table["Div"] = ImportBinary<Binary::Kind::kDivide>;
  table["Sum"] = ImportSum;
  table["Relu"] = ImportRelu;
  table["Clip"] = ImportClip;
  table["LeakyRelu"] = ImportLeakyRelu;
  table["Sigmoid"] = ImportSigmoid;
  table["Softmax"] = ImportSoftmax;
}

}  // namespace foothold::network
