#include "network/compile/memory_plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace foothold::network {
namespace {

using Interval = std::pair<std::uint64_t, std::uint64_t>;  // [begin, end)

/// The lowest multiple of `alignment` at which `bytes` fit between the `taken` ones.
std::uint64_t LowestFree(std::vector<Interval> taken, std::uint64_t bytes,
                         std::uint64_t alignment) {
  std::sort(taken.begin(), taken.end());
  std::uint64_t offset = 0;
  for (const auto& [begin, end] : taken) {
    if (offset + bytes <= begin) break;
    offset = std::max(offset, (end + alignment - 1) / alignment * alignment);
  }
  return offset;
}

}  // namespace

MemoryPlan PlanMemory(const std::vector<Lifetime>& lifetimes, std::size_t pinned,
                      std::uint64_t alignment) {
  MemoryPlan plan;
  plan.offsets.resize(lifetimes.size(), 0);
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(
      order.begin() + static_cast<std::ptrdiff_t>(pinned), order.end(),
      [&](std::size_t a, std::size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Lifetime& one = lifetimes[order[i]];
    std::vector<Interval> taken;
    for (std::size_t j = 0; j < i; ++j) {
      const Lifetime& other = lifetimes[order[j]];
      if (other.last < one.first || one.last < other.first) continue;
      const std::uint64_t begin = plan.offsets[order[j]];
      taken.emplace_back(begin, begin + static_cast<std::uint64_t>(other.bytes));
    }
    const auto bytes = static_cast<std::uint64_t>(one.bytes);
    const std::uint64_t offset = LowestFree(std::move(taken), bytes, alignment);
    plan.offsets[order[i]] = offset;
    plan.bytes = std::max(plan.bytes, offset + bytes);
  }
  return plan;
}

}  // namespace foothold::network
