#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"

namespace foothold::search {

// The rules by which AutoTVM's genetic algorithm makes one generation from the last
// (docs/reference/vta-and-autotvm.md#simple-tuners), each on its own.

struct ScoredConfig {
  Config config;
  double merit = 0;  ///< >= 0; 0 for a failure
};

/// The `count` best, the earlier first among equals; all when there are fewer.
std::vector<ScoredConfig> Best(std::vector<ScoredConfig> configs, std::size_t count);

/// Each config's probability to be drawn as a parent: its merit plus 10^-8, over the sum. So
/// failures are parents only for want of others.
std::vector<double> ParentShares(std::span<const ScoredConfig> parents);

/// Two distinct places, the second drawn by the shares of those that are left.
/// REQUIRES: shares of at least two, all positive; of one, it is drawn twice.
std::pair<std::size_t, std::size_t> DrawTwo(std::span<const double> shares, Rng& rng);

/// The choices of `first` before `place` and those of `second` from there on.
Config Cross(const Config& first, const Config& second, std::size_t place);

/// Redraws each parameter with `probability`, uniformly.
void Mutate(const Space& space, Config& config, double probability, Rng& rng);

}  // namespace foothold::search
