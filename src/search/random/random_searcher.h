#pragma once

#include <cstdint>
#include <memory>

#include "foothold/searcher.h"

namespace foothold::search {

/// Draws uniformly without replacement among the valid configs; learns nothing from observations.
/// The sequence does not depend on how it is cut into batches. Memory is proportional to what was
/// drawn, time per config to one Space::Unrank.
std::unique_ptr<Searcher> MakeRandomSearcher(const Space& space, std::uint64_t seed);

}  // namespace foothold::search
