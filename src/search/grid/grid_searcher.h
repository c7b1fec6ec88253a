#pragma once

#include <cstdint>
#include <memory>

#include "foothold/searcher.h"

namespace foothold::search {

/// The valid configs in the order of AutoTVM's index
/// (docs/reference/vta-and-autotvm.md#simple-tuners): the first parameter varies fastest. Learns
/// nothing and ignores `seed`. However tight the constraints are, no stretch of invalid configs is
/// walked through; memory is bounded.
std::unique_ptr<Searcher> MakeGridSearcher(const Space& space, std::uint64_t seed);

}  // namespace foothold::search
