#pragma once

#include <cstdint>
#include <vector>

namespace foothold::network {

/// The largest int8 that scales are chosen for.
inline constexpr double kMostInteger = 127;

/// How large numbers are, without their signs: enough to say what a scale would lose on them.
/// Grows with its numbers, which need not be known before.
class Histogram {
 public:
  /// Infinities and what is no number are left out.
  void Add(double number);
  /// As if every size from 0 to `largest` had been added equally often. REQUIRES: finite, >= 0.
  void AddAllUpTo(double largest);

  double largest() const { return largest_; }
  /// The squared error of int8 with this scale, over the sum of squares. 0 of no numbers, or of
  /// zeros alone.
  double RelativeError(double scale) const;

 private:
  void Reach(double size);

  double largest_ = 0;
  int exponent_ = 0;  ///< the bins divide the sizes from 0 to 2^exponent_
  std::vector<std::uint32_t> counts_;
};

}  // namespace foothold::network
