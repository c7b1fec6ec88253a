#include "network/quantise/histogram.h"

#include <algorithm>
#include <cmath>

namespace foothold::network {
namespace {

/// Several for each step of the finest scale that is tried.
constexpr int kBinBits = 14;
constexpr std::size_t kBins = std::size_t{1} << kBinBits;

}  // namespace

void Histogram::Reach(double size) {
  int exponent = 0;
  std::frexp(size, &exponent);
  if (counts_.empty()) {
    counts_.assign(kBins, 0);
    exponent_ = exponent;
  }
  for (; exponent_ < exponent; ++exponent_) {
    for (std::size_t i = 0; i < kBins / 2; ++i) counts_[i] = counts_[2 * i] + counts_[2 * i + 1];
    std::fill(counts_.begin() + kBins / 2, counts_.end(), 0);
  }
}

void Histogram::Add(double number) {
  const double size = std::fabs(number);
  if (!std::isfinite(size) || size == 0) return;
  if (counts_.empty() || size > largest_) Reach(size);
  largest_ = std::max(largest_, size);
  ++counts_[static_cast<std::size_t>(std::ldexp(size, kBinBits - exponent_))];
}

void Histogram::AddAllUpTo(double largest) {
  for (std::size_t i = 1; i <= kBins; ++i) {
    Add(largest * static_cast<double>(i) / static_cast<double>(kBins));
  }
}

double Histogram::RelativeError(double scale) const {
  double error = 0;
  double energy = 0;
  const double width = std::ldexp(1.0, exponent_ - kBinBits);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    const double size = (static_cast<double>(i) + 0.5) * width;
    const double integer = std::min(std::floor(size / scale + 0.5), kMostInteger);
    const double difference = size - integer * scale;
    error += counts_[i] * difference * difference;
    energy += counts_[i] * size * size;
  }
  return energy > 0 ? error / energy : 0;
}

}  // namespace foothold::network
