// Operators that make constants: most of what computes the shape of a Reshape.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/import/convert_tensor.h"
#include "network/import/node_importer.h"

namespace foothold::network {
namespace {

Tensor Vector(std::vector<std::int64_t> integers) {
  const Shape shape = {static_cast<std::int64_t>(integers.size())};
  return Tensor(shape, std::move(integers));
}

Status ImportConstant(NodeImporter& node) {
  if (const onnx::Attribute* value = node.Find("value"); value != nullptr && value->tensor) {
    auto tensor = ConvertTensor(*value->tensor);
    if (!tensor.ok()) return node.AttributeError("value", tensor.status().message());
    return node.EmitConstant(std::move(tensor).value());
  }
  if (const onnx::Attribute* value = node.Find("value_float")) {
    return node.EmitConstant(Tensor({}, std::vector<float>{value->f}));
  }
  if (const onnx::Attribute* value = node.Find("value_int")) {
    return node.EmitConstant(Tensor({}, std::vector<std::int64_t>{value->i}));
  }
  if (const onnx::Attribute* value = node.Find("value_floats")) {
    return node.EmitConstant(
        Tensor({static_cast<std::int64_t>(value->floats.size())}, value->floats));
  }
  if (const onnx::Attribute* value = node.Find("value_ints")) {
    return node.EmitConstant(Vector(value->ints));
  }
  return node.Error(
      "has no value, must have one of value, value_float, value_floats, value_int, value_ints");
}

/// More elements than ReserveElements allows.
constexpr std::int64_t kTooMany = std::int64_t{1} << 30;

Status ImportConstantOfShape(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Shape shape, node.Integers(0));
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0) return node.InputError(0, fmt::format("is {}, must be a shape", ToString(shape)));
    // Beyond this it is refused below, and no product overflows.
    count = std::min(count, kTooMany) * std::min(size, kTooMany);
  }
  FOOTHOLD_RETURN_IF_ERROR(node.ReserveElements(count));
  Tensor value({1}, std::vector<float>{0});
  if (const onnx::Attribute* given = node.Find("value")) {
    if (!given->tensor) return node.AttributeError("value", "must be a tensor of one element");
    auto tensor = ConvertTensor(*given->tensor);
    if (!tensor.ok()) return node.AttributeError("value", tensor.status().message());
    if (tensor->size() != 1) return node.AttributeError("value", "must be a tensor of one element");
    value = std::move(tensor).value();
  }
  return std::visit(
      [&]<typename T>(const std::vector<T>& one) {
        return node.EmitConstant(Tensor(shape, std::vector<T>(Index(count), one.front())));
      },
      value.elements());
}

Status ImportShape(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  const Shape& shape = node.at(x).shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  FOOTHOLD_ASSIGN_OR_RETURN(std::int64_t start, node.Int("start", 0));
  FOOTHOLD_ASSIGN_OR_RETURN(std::int64_t end, node.Int("end", rank));
  const auto within = [rank](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  start = within(start);
  end = std::max(start, within(end));
  return node.EmitConstant(Vector({shape.begin() + start, shape.begin() + end}));
}

/// Of constants along their first axis: what picks a size out of a shape.
Status ImportGather(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> from, node.Integers(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const Tensor indices, node.ConstantInput(1));
  FOOTHOLD_RETURN_IF_ERROR(node.RequireInt("axis", 0));
  if (indices.type() == DataType::kFloat || indices.shape().size() > 1) {
    return node.InputError(1, "must be an integer or a list of integers");
  }
  std::vector<std::int64_t> picked;
  for (std::int64_t i = 0; i < indices.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t at,
                              node.Axis("input 1", indices.IntegerAt(i), from.size()));
    picked.push_back(from[Index(at)]);
  }
  if (indices.shape().empty()) return node.EmitConstant(Tensor({}, std::move(picked)));
  return node.EmitConstant(Vector(std::move(picked)));
}

/// Start and end of a slice of a list of this size.
std::pair<std::int64_t, std::int64_t> Bounds(std::int64_t start, std::int64_t end,
                                             std::int64_t size) {
  const auto within = [size](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? std::max(at, -size) + size : at, 0, size);
  };
  return {within(start), std::max(within(start), within(end))};
}

/// Of a constant list of integers, with steps of 1.
Status ImportSlice(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::int64_t> from, node.Integers(0));
  std::vector<std::int64_t> starts;
  std::vector<std::int64_t> ends;
  if (node.opset() < 10) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto given_starts, node.Ints("starts"));
    FOOTHOLD_ASSIGN_OR_RETURN(const auto given_ends, node.Ints("ends"));
    node.Ignore("axes");
    starts = given_starts.value_or(starts);
    ends = given_ends.value_or(ends);
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(starts, node.Integers(1));
    FOOTHOLD_ASSIGN_OR_RETURN(ends, node.Integers(2));
    if (node.HasInput(4)) {
      FOOTHOLD_ASSIGN_OR_RETURN(const auto steps, node.Integers(4));
      if (steps != std::vector<std::int64_t>{1}) return node.InputError(4, "must be 1");
    }
  }
  if (starts.size() != 1 || ends.size() != 1) {
    return node.Error("must slice a constant list of integers along its one axis");
  }
  const auto [start, end] = Bounds(starts[0], ends[0], static_cast<std::int64_t>(from.size()));
  return node.EmitConstant(Vector({from.begin() + start, from.begin() + end}));
}

Status ImportCast(NodeImporter& node) {
  FOOTHOLD_ASSIGN_OR_RETURN(const ValueId x, node.Input(0));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::int64_t to, node.Int("to", 0));
  node.Ignore("saturate");
  node.Ignore("round_mode");
  const auto type = ConvertType(static_cast<onnx::DataType>(static_cast<std::int32_t>(to)));
  if (!type.ok()) return node.AttributeError("to", type.status().message());
  if (*type == node.at(x).type) return node.EmitAlias(x);
  const auto& constant = node.at(x).constant;
  if (!constant || (*type != DataType::kInt64 && *type != DataType::kFloat)) {
    return node.AttributeError("to", fmt::format("is {}, must be {}, which the input is; only "
                                                 "constants are converted",
                                                 ToString(*type), ToString(node.at(x).type)));
  }
  return std::visit(
      [&](const auto& all) {
        if (*type == DataType::kFloat) {
          std::vector<float> floats;
          for (const auto one : all) floats.push_back(static_cast<float>(one));
          return node.EmitConstant(Tensor(constant->shape(), std::move(floats)));
        }
        std::vector<std::int64_t> integers;
        for (const auto one : all) {
          if (!(std::fabs(static_cast<double>(one)) < 9e18)) {
            return node.InputError(0, "holds a number that no int64 has");
          }
          integers.push_back(static_cast<std::int64_t>(one));
        }
        return node.EmitConstant(Tensor(constant->shape(), std::move(integers)));
      },
      constant->elements());
}

}  // namespace

void AddShapes(ImportTable& table) {
  table["Constant"] = ImportConstant;
  table["ConstantOfShape"] = ImportConstantOfShape;
  table["Shape"] = ImportShape;
  table["Gather"] = ImportGather;
  table["Slice"] = ImportSlice;
  table["Cast"] = ImportCast;
}

}  // namespace foothold::network
