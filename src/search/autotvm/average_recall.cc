#include "search/autotvm/average_recall.h"

#include <algorithm>

#include "base/check.h"
#include "search/autotvm/numpy_order.h"

namespace foothold::search {

double AverageRecallOfRanks(std::span<const std::uint32_t> ranks, std::size_t count) {
  FOOTHOLD_CHECK(count > 0);
  const std::size_t points = std::min(count, ranks.size());
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const auto hits = std::count_if(ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(i),
                                    [i](std::uint32_t rank) { return rank <= i; });
    sum += static_cast<double>(hits) / static_cast<double>(i + 1);
  }
  return sum / static_cast<double>(count);
}

double AverageRecall(std::span<const float> scores, std::span<const float> labels,
                     std::size_t count) {
  FOOTHOLD_CHECK(scores.size() == labels.size());
  const std::vector<std::uint32_t> by_score = NumpyArgsort(scores);
  std::vector<float> negated;
  negated.reserve(labels.size());
  for (auto row = by_score.rbegin(); row != by_score.rend(); ++row) {
    negated.push_back(-labels[*row]);
  }
  const std::vector<std::uint32_t> by_label = NumpyArgsort(negated);
  std::vector<std::uint32_t> ranks(labels.size());
  for (std::uint32_t rank = 0; rank < by_label.size(); ++rank) ranks[by_label[rank]] = rank;
  return AverageRecallOfRanks(ranks, count);
}

}  // namespace foothold::search
