#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"
#include "search/searcher/visited.h"

namespace foothold::search {

/// Draws the configs among which a searcher chooses, so that the cost of a choice does not grow
/// with the space: half of them anywhere in it, the others near configs known to be good, by one
/// step or with one or two parameters drawn anew. In a space of few configs, all that are left.
class CandidateSampler {
 public:
  explicit CandidateSampler(const Space& space) : space_(space) {}

  /// About `count` different valid configs that are not in `taken`; fewer when the space is running
  /// out, none only when all are taken. `good` need not be valid.
  std::vector<Config> Draw(std::span<const Config> good, std::size_t count, const Visited& taken,
                           Rng& rng) const;

 private:
  std::vector<Config> Rest(const Visited& taken) const;

  Space space_;
};

}  // namespace foothold::search
