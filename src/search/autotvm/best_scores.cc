#include "search/autotvm/best_scores.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace foothold::search {

BestScores::BestScores(std::size_t count, const std::unordered_set<std::uint64_t>& excluded)
    : excluded_(excluded) {
  for (std::size_t i = 0; i < count; ++i) {
    heap_.push_back({-std::numeric_limits<float>::infinity(), -1 - static_cast<std::int64_t>(i)});
  }
  for (std::size_t place = count / 2; place-- > 0;) SiftDown(place);
}

bool BestScores::Offer(float score, std::uint64_t index) {
  if (heap_.empty() || !(score > heap_[0].score)) return false;
  const auto signed_index = static_cast<std::int64_t>(index);
  if (excluded_.count(index) != 0 || held_.count(signed_index) != 0) return false;
  held_.erase(heap_[0].index);
  held_.insert(signed_index);
  heap_[0] = {score, signed_index};
  SiftDown(0);
  return true;
}

/// heapq moves the smaller child up all the way to a leaf and lets the item climb back from there.
void BestScores::SiftDown(std::size_t place) {
  const std::size_t start = place;
  const Item item = heap_[place];
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && !(heap_[child] < heap_[child + 1])) ++child;
    heap_[place] = heap_[child];
    place = child;
  }
  while (place > start && item < heap_[(place - 1) / 2]) {
    heap_[place] = heap_[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  heap_[place] = item;
}

std::vector<std::uint64_t> BestScores::NonNegative() const {
  std::vector<Item> items = heap_;
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.score > b.score; });
  std::vector<std::uint64_t> indices;
  for (const Item& item : items) {
    if (item.score >= 0) indices.push_back(static_cast<std::uint64_t>(item.index));
  }
  return indices;
}

}  // namespace foothold::search
