#include "search/foothold/batch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace foothold {

std::vector<std::size_t> PickBatch(const FeatureMatrix& rows, std::span<const double> scores,
                                   std::size_t count) {
  std::vector<double> left(scores.begin(), scores.end());
  std::vector<std::size_t> picked;
  while (picked.size() < std::min(count, left.size())) {
    const auto best = static_cast<std::size_t>(
        std::distance(left.begin(), std::max_element(left.begin(), left.end())));
    picked.push_back(best);
    left[best] = -std::numeric_limits<double>::infinity();
    const std::span<const float> at = rows.row(best);
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::span<const float> row = rows.row(i);
      double square = 0;
      for (std::size_t k = 0; k < row.size(); ++k)
        square += double{row[k] - at[k]} * (row[k] - at[k]);
      const double distance = std::sqrt(3 * square);
      const double likeness = (1 + distance) * std::exp(-distance);
      left[i] += std::log(1 - 0.9 * std::pow(likeness, 4));
    }
  }
  return picked;
}

}  // namespace foothold
