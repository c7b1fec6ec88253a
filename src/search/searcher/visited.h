#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"

namespace foothold::search {

/// The valid configs that a searcher has taken, so as not to take them again.
class Visited {
 public:
  explicit Visited(const Space& space) : space_(space) {}

  /// False when `config` was there already. REQUIRES: `config` is valid.
  bool Insert(const Config& config) { return indices_.insert(space_.IndexOf(config)).second; }
  bool Contains(const Config& config) const { return indices_.count(space_.IndexOf(config)) != 0; }
  /// Whether every valid config is there.
  bool All() const { return indices_.size() >= space_.valid_count(); }
  /// By Space::IndexOf.
  const std::unordered_set<std::uint64_t>& indices() const { return indices_; }

  /// Uniform among the valid configs that are not there: draws until it meets one, as AutoTVM does.
  /// REQUIRES: !All().
  Config SampleOther(Rng& rng) const;

 private:
  Space space_;
  std::unordered_set<std::uint64_t> indices_;
};

/// `count` different configs, uniformly among the valid ones; all of them when there are no more.
std::vector<Config> SampleDistinct(const Space& space, std::size_t count, Rng& rng);

/// Gives one parameter of `config`, drawn uniformly, a value drawn uniformly; it may be the same
/// as before. AutoTVM's step in annealing and in its genetic algorithm.
void RedrawOneParameter(const Space& space, Config& config, Rng& rng);

/// How many redraws a walk through a constrained space makes before it gives up and samples.
/// AutoTVM 0.8 knows no constraints, and 0.12 walks on until it meets a valid config, which in a
/// tight space may be never.
inline constexpr int kRedrawsBeforeSampling = 1000;

}  // namespace foothold::search
