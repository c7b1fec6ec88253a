#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "foothold/export.h"

namespace foothold {

/// The one source of randomness: xoshiro256** (Blackman & Vigna, "Scrambled Linear Pseudorandom
/// Number Generators", 2021), seeded by SplitMix64. Same seed, same sequence, on every platform:
/// the distributions below are ours too, because those of the standard library differ between
/// implementations.
///
/// Copyable: a copy continues with the same sequence. Not thread-safe.
class FOOTHOLD_EXPORT Rng {
 public:
  explicit Rng(std::uint64_t seed);

  /// Uniform over all 2^64 values.
  std::uint64_t Next();
  /// Uniform over [0, bound), without modulo bias (Lemire 2019). REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  /// Uniform over [0, 1), 53 bits.
  double Uniform();

  /// A generator whose sequence is independent of this one's; advances this one by one step.
  Rng Fork();

  /// Fisher-Yates.
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace foothold
