#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace foothold::search {

/// The best-scored configs that annealing has met
/// (docs/reference/vta-and-autotvm.md#simulated-annealing, step 2): a heap of fixed size with the
/// least on top, kept step by step as Python's heapq keeps it, for configs of equal score come out
/// in the order in which the heap's array holds them, and trees give many equal scores.
///
/// Configs are their AutoTVM indices.
class BestScores {
 public:
  /// Never takes one of `excluded`, which must outlive this.
  BestScores(std::size_t count, const std::unordered_set<std::uint64_t>& excluded);

  /// Takes `index` in place of the least when its score is greater and it is neither excluded nor
  /// there already; whether it did.
  bool Offer(float score, std::uint64_t index);

  /// Those with a score of at least 0, the best first.
  std::vector<std::uint64_t> NonNegative() const;

 private:
  /// An empty slot has the score -infinity and an index below 0.
  struct Item {
    float score;
    std::int64_t index;
    friend auto operator<=>(const Item&, const Item&) = default;  // NOLINT: tidy 14 sees a 0
  };
  void SiftDown(std::size_t place);

  const std::unordered_set<std::uint64_t>& excluded_;
  std::unordered_set<std::int64_t> held_;
  std::vector<Item> heap_;
};

}  // namespace foothold::search
