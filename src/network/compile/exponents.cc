#include "network/compile/exponents.h"

#include <algorithm>
#include <cmath>

namespace foothold::network {
namespace {

/// A real number in units of `scale` as an int8; infinities are its limits.
std::int64_t Integer(double real, double scale) {
  return static_cast<std::int64_t>(std::clamp(std::floor(real / scale + 0.5), -128.0, 127.0));
}

}  // namespace

std::optional<int> ExponentOf(const Value& value) {
  if (value.type != DataType::kInt8 || !value.quantisation) return std::nullopt;
  const Quantisation& quantisation = *value.quantisation;
  if (quantisation.is_per_axis() || quantisation.zero_points.at(0) != 0) return std::nullopt;
  int exponent = 0;
  if (std::frexp(quantisation.scales.at(0), &exponent) != 0.5F) return std::nullopt;
  return exponent - 1;
}

vta::Epilogue ShiftAndClamp(int shift, const Clamp& clamp, const Value& output) {
  const double scale = double{output.quantisation->scales.at(0)};
  vta::Epilogue epilogue;
  epilogue.shift = shift;
  epilogue.clip_min = Integer(double{clamp.low}, scale);
  epilogue.clip_max = Integer(double{clamp.high}, scale);
  return epilogue;
}

}  // namespace foothold::network
