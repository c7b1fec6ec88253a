#include "targets/opencl/runner/verify.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <cstring>

#include "targets/opencl/runner/failure.h"

namespace foothold::opencl_runner {
namespace {

template <typename T>
T ElementAt(std::string_view bytes, std::size_t index) {
  T element;
  std::memcpy(&element, bytes.data() + index * sizeof(T), sizeof(T));
  return element;
}

/// A bool and an int8 are shown as numbers, not as characters.
template <typename T>
std::string Shown(T element) {
  if constexpr (sizeof(T) == 1) return fmt::format("{}", static_cast<int>(element));
  if constexpr (sizeof(T) > 1) return fmt::format("{}", element);
}

template <typename T>
std::string Difference(std::string_view reference, std::string_view output,
                       const Comparison& comparison) {
  const bool is_sum = comparison.method == "AbsoluteDifference";
  const bool is_relative = comparison.method == "SideBySideRelativeComparison";
  const std::size_t count = reference.size() / sizeof(T);
  std::size_t different = 0;
  std::size_t first = 0;
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const T right = ElementAt<T>(reference, i);
    const T is = ElementAt<T>(output, i);
    if (is == right) continue;  // exact also where a double is not
    const double difference = std::fabs(static_cast<double>(is) - static_cast<double>(right));
    sum += difference;
    const double scale = is_relative ? std::fabs(static_cast<double>(right)) : 1;
    if (difference <= comparison.threshold * scale) continue;  // a NaN is never right
    if (different++ == 0) first = i;
  }
  if (is_sum) {
    if (sum <= comparison.threshold) return "";
    return fmt::format("differs from the reference by {} in sum, may by {}", sum,
                       comparison.threshold);
  }
  if (different == 0) return "";
  return fmt::format("element {} is {}, must be {}; {} of {} differ", first,
                     Shown(ElementAt<T>(output, first)), Shown(ElementAt<T>(reference, first)),
                     different, count);
}

}  // namespace

std::string DifferenceFrom(std::string_view reference, std::string_view output,
                           const Comparison& comparison) {
  if (reference.size() != output.size()) {
    throw Unavailable{fmt::format("the reference has {} bytes and the output {}", reference.size(),
                                  output.size())};
  }
  const auto with = [&](auto element) {
    return Difference<decltype(element)>(reference, output, comparison);
  };
  if (comparison.type == "int8") return with(std::int8_t{});
  if (comparison.type == "uint8" || comparison.type == "bool") return with(std::uint8_t{});
  if (comparison.type == "int16") return with(std::int16_t{});
  if (comparison.type == "uint16") return with(std::uint16_t{});
  if (comparison.type == "int32") return with(std::int32_t{});
  if (comparison.type == "uint32") return with(std::uint32_t{});
  if (comparison.type == "int64") return with(std::int64_t{});
  if (comparison.type == "uint64") return with(std::uint64_t{});
  if (comparison.type == "float") return with(float{});
  if (comparison.type == "double") return with(double{});
  throw Unavailable{"unknown type " + comparison.type};
}

}  // namespace foothold::opencl_runner
