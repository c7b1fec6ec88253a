#include "network/import/convert_tensor.h"

#include <fmt/core.h>

#include <bit>
#include <cmath>
#include <cstring>

namespace foothold::network {
namespace {

/// The bytes as elements of type From, each passed through `to`.
template <typename From, typename Function>
auto Mapped(std::string_view bytes, Function to) {
  std::vector<decltype(to(From{}))> result;
  result.reserve(bytes.size() / sizeof(From));
  for (std::size_t at = 0; at + sizeof(From) <= bytes.size(); at += sizeof(From)) {
    From value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    result.push_back(to(value));
  }
  return result;
}

template <typename T>
std::vector<T> Copied(std::string_view bytes) {
  std::vector<T> result(bytes.size() / sizeof(T));
  if (!result.empty()) std::memcpy(result.data(), bytes.data(), result.size() * sizeof(T));
  return result;
}

/// IEEE 754 binary16.
float FromHalf(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const int fraction = bits & 0x3ff;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1f) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
}

Status Unsupported(onnx::DataType type) {
  return Status::InvalidArgument(
      fmt::format("is {}, must be float32, float64, float16, bfloat16, int8, uint8, int32, int64 "
                  "or bool",
                  onnx::ToString(type)));
}

}  // namespace

Result<DataType> ConvertType(onnx::DataType type) {
  switch (type) {
    case onnx::DataType::kFloat:
    case onnx::DataType::kDouble:
    case onnx::DataType::kFloat16:
    case onnx::DataType::kBfloat16:
      return DataType::kFloat;
    case onnx::DataType::kInt8:
      return DataType::kInt8;
    case onnx::DataType::kUint8:
    case onnx::DataType::kBool:
      return DataType::kUint8;
    case onnx::DataType::kInt32:
      return DataType::kInt32;
    case onnx::DataType::kInt64:
      return DataType::kInt64;
    default:
      return Unsupported(type);
  }
}

Result<Tensor> ConvertTensor(const onnx::Tensor& tensor) {
  const std::string_view bytes = tensor.bytes;
  switch (tensor.type) {
    case onnx::DataType::kFloat:
      return Tensor(tensor.dims, Copied<float>(bytes));
    case onnx::DataType::kDouble:
      return Tensor(tensor.dims,
                    Mapped<double>(bytes, [](double value) { return static_cast<float>(value); }));
    case onnx::DataType::kFloat16:
      return Tensor(tensor.dims, Mapped<std::uint16_t>(bytes, FromHalf));
    case onnx::DataType::kBfloat16:
      return Tensor(tensor.dims, Mapped<std::uint16_t>(bytes, [](std::uint16_t bits) {
                      return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
                    }));
    case onnx::DataType::kInt8:
      return Tensor(tensor.dims, Copied<std::int8_t>(bytes));
    case onnx::DataType::kUint8:
    case onnx::DataType::kBool:
      return Tensor(tensor.dims, Copied<std::uint8_t>(bytes));
    case onnx::DataType::kInt32:
      return Tensor(tensor.dims, Copied<std::int32_t>(bytes));
    case onnx::DataType::kInt64:
      return Tensor(tensor.dims, Copied<std::int64_t>(bytes));
    default:
      return Unsupported(tensor.type);
  }
}

}  // namespace foothold::network
