#include "network/graph/tensor.h"

#include "base/check.h"
#include "base/text.h"

namespace foothold::network {

std::string ToString(const Shape& shape) {
  return shape.empty() ? "scalar" : base::Joined(shape, "x");
}

std::int64_t Elements(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

std::string_view ToString(DataType type) {
  switch (type) {
    case DataType::kFloat:
      return "float32";
    case DataType::kInt8:
      return "int8";
    case DataType::kUint8:
      return "uint8";
    case DataType::kInt32:
      return "int32";
    case DataType::kInt64:
      return "int64";
  }
  return "unknown";
}

Tensor::Tensor(Shape shape, Elements elements)
    : shape_(std::move(shape)), elements_(std::make_shared<const Elements>(std::move(elements))) {
  const auto count = std::visit([](const auto& all) { return all.size(); }, *elements_);
  FOOTHOLD_CHECK(count == static_cast<std::size_t>(size()), "one element for each position");
}

std::int64_t Tensor::IntegerAt(std::int64_t index) const {
  FOOTHOLD_CHECK(type() != DataType::kFloat, "not a tensor of integers");
  return std::visit(
      [index](const auto& all) {
        return static_cast<std::int64_t>(all.at(static_cast<std::size_t>(index)));
      },
      *elements_);
}

Tensor Tensor::Reshaped(Shape shape) const {
  FOOTHOLD_CHECK(network::Elements(shape) == size(), "another number of elements");
  Tensor reshaped = *this;
  reshaped.shape_ = std::move(shape);
  return reshaped;
}

}  // namespace foothold::network
