#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"
#include "search/searcher/visited.h"

namespace foothold::search {

/// Samples a space so that valid configs come up more often than at random: valid configs are
/// neighbours of each other (arXiv 2205.15568, the paper's initialisation by neighbourhood).
///
/// Configs are tried in batches. Once the whole batch is known, the next one is made of all
/// neighbours of its valid configs (one step of one parameter: Manhattan distance 1) and of one
/// random config for each invalid one. Where that gives nothing, because all neighbours are known,
/// it is random again.
class NeighbourPresampling {
 public:
  /// Tries min(limit, valid configs of the space) configs, the first `first_batch` of them random.
  /// REQUIRES: first_batch > 0. `rng` outlives this.
  NeighbourPresampling(const Space& space, std::size_t limit, std::size_t first_batch, Rng& rng);

  /// Up to `count` configs to try, each at most once ever. Empty when all were given out, or when
  /// the rest of the batch must be observed first.
  std::vector<Config> Take(std::size_t count);
  /// The same, but random ones instead of none where the batch is not observed yet. They count.
  std::vector<Config> TakeWithoutWaiting(std::size_t count);
  /// What became of a config, in any order; one that was not taken is none of its business.
  void Observe(const Config& config, bool valid);

 private:
  std::vector<Config> GiveOut(std::size_t count);
  bool full() const { return taken_.indices().size() >= limit_; }
  void Add(const Config& config, std::deque<Config>& batch);
  void AddRandom(std::deque<Config>& batch);

  Space space_;
  std::size_t limit_;
  std::size_t first_batch_;
  Rng& rng_;
  Visited taken_;                 ///< in a batch
  std::deque<Config> batch_;      ///< still to be given out
  std::set<std::uint64_t> open_;  ///< given out, not observed
  std::deque<Config> next_;       ///< the batch after this one
};

}  // namespace foothold::search
