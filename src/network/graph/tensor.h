#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace foothold::network {

/// Sizes, outermost first; empty for a scalar.
using Shape = std::vector<std::int64_t>;
/// "1x3x224x224"; "scalar".
std::string ToString(const Shape& shape);
/// The product; 1 for a scalar. REQUIRES: it fits, as that of every Value does.
std::int64_t Elements(const Shape& shape);

/// A position, never negative, as containers count them.
inline std::size_t Index(std::int64_t position) { return static_cast<std::size_t>(position); }

/// What the elements of a value are. Int32 is for biases, int64 for shapes.
enum class DataType : std::uint8_t { kFloat, kInt8, kUint8, kInt32, kInt64 };
/// "float32", "int8", ...
std::string_view ToString(DataType type);
/// Whether it is one of the two types that hold quantised activations and weights.
constexpr bool IsQuantised(DataType type) {
  return type == DataType::kInt8 || type == DataType::kUint8;
}

/// An immutable array, row-major. Copies share the elements.
class Tensor {
 public:
  using Elements =
      std::variant<std::vector<float>, std::vector<std::int8_t>, std::vector<std::uint8_t>,
                   std::vector<std::int32_t>, std::vector<std::int64_t>>;

  /// REQUIRES: one element for each position of `shape`.
  Tensor(Shape shape, Elements elements);

  DataType type() const { return static_cast<DataType>(elements_->index()); }
  const Shape& shape() const { return shape_; }
  std::int64_t size() const { return network::Elements(shape_); }
  const Elements& elements() const { return *elements_; }
  /// REQUIRES: T is the type of the elements.
  template <typename T>
  const std::vector<T>& values() const {
    return std::get<std::vector<T>>(*elements_);
  }
  const std::vector<float>& floats() const { return values<float>(); }
  /// The element as an integer. REQUIRES: not kFloat, `index` below size().
  std::int64_t IntegerAt(std::int64_t index) const;

  /// The same elements in another shape. REQUIRES: of as many.
  Tensor Reshaped(Shape shape) const;

  friend bool operator==(const Tensor& a, const Tensor& b) {
    return a.shape_ == b.shape_ && *a.elements_ == *b.elements_;
  }

 private:
  Shape shape_;
  std::shared_ptr<const Elements> elements_;
};

}  // namespace foothold::network
