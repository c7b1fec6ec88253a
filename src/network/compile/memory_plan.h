#pragma once

#include <cstdint>
#include <vector>

namespace foothold::network {

/// Something that needs memory from one step to another, both included.
struct Lifetime {
  std::int64_t bytes = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// Where each lies in one piece of memory, and how large that is.
struct MemoryPlan {
  std::vector<std::uint64_t> offsets;  ///< multiples of the alignment
  std::uint64_t bytes = 0;
};

/// Things that live at the same step do not overlap. Greedy, the largest first, each at the lowest
/// place that is free. The first `pinned` ones keep their order from the beginning on, whatever
/// their size. `alignment` > 0.
MemoryPlan PlanMemory(const std::vector<Lifetime>& lifetimes, std::size_t pinned,
                      std::uint64_t alignment);

}  // namespace foothold::network
