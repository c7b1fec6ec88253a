#include "formats/onnx/model.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace foothold::onnx {
namespace {

struct TypeRow {
  DataType type;
  std::string_view name;
  std::int64_t bytes;
};

constexpr std::array<TypeRow, 18> kTypes = {{
    {DataType::kUndefined, "no type", 0},
    {DataType::kFloat, "float32", 4},
    {DataType::kUint8, "uint8", 1},
    {DataType::kInt8, "int8", 1},
    {DataType::kUint16, "uint16", 2},
    {DataType::kInt16, "int16", 2},
    {DataType::kInt32, "int32", 4},
    {DataType::kInt64, "int64", 8},
    {DataType::kString, "string", 0},
    {DataType::kBool, "bool", 1},
    {DataType::kFloat16, "float16", 2},
    {DataType::kDouble, "float64", 8},
    {DataType::kUint32, "uint32", 4},
    {DataType::kUint64, "uint64", 8},
    {DataType::kComplex64, "complex64", 8},
    {DataType::kComplex128, "complex128", 16},
    {DataType::kBfloat16, "bfloat16", 2},
    {DataType::kInt4, "int4", 0},
}};

const TypeRow* Find(DataType type) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [type](const TypeRow& row) { return row.type == type; });
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace

std::string ToString(DataType type) {
  if (const TypeRow* row = Find(type)) return std::string(row->name);
  return fmt::format("type {}", static_cast<std::int32_t>(type));
}

std::int64_t BytesPerElement(DataType type) {
  const TypeRow* row = Find(type);
  return row == nullptr ? 0 : row->bytes;
}

std::string_view ToString(Attribute::Kind kind) {
  switch (kind) {
    case Attribute::Kind::kUndefined:
      return "nothing";
    case Attribute::Kind::kFloat:
      return "a number";
    case Attribute::Kind::kInt:
      return "an integer";
    case Attribute::Kind::kString:
      return "a text";
    case Attribute::Kind::kTensor:
      return "a tensor";
    case Attribute::Kind::kFloats:
      return "a list of numbers";
    case Attribute::Kind::kInts:
      return "a list of integers";
    case Attribute::Kind::kStrings:
      return "a list of texts";
    case Attribute::Kind::kOther:
      return "a subgraph or something else";
  }
  return "unknown";
}

const Attribute* Node::Find(std::string_view attribute) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& one) { return one.name == attribute; });
  return found == attributes.end() ? nullptr : &*found;
}

}  // namespace foothold::onnx
