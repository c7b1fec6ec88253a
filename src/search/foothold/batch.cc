#include "search/foothold/batch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace foothold::search {

std::vector<std::size_t> PickBatch(const models::FeatureMatrix& rows,
                                   std::span<const double> scores, std::size_t count) {
  std::vector<double> left(scores.begin(), scores.end());
  for (double& score : left) {
    if (std::isnan(score)) score = -std::numeric_limits<double>::infinity();
  }
  std::vector<bool> taken(left.size(), false);
  std::vector<std::size_t> picked;
  while (picked.size() < std::min(count, left.size())) {
    std::size_t best = left.size();
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!taken[i] && (best == left.size() || left[i] > left[best])) best = i;
    }
    picked.push_back(best);
    taken[best] = true;
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

std::vector<Config> HalfAndHalf(const std::vector<Config>& own, const std::vector<Config>& other) {
  std::vector<Config> batch(own.begin(),
                            own.begin() + static_cast<std::ptrdiff_t>((own.size() + 1) / 2));
  for (const std::vector<Config>& configs : {other, own}) {
    for (const Config& config : configs) {
      if (batch.size() == own.size()) return batch;
      if (std::find(batch.begin(), batch.end(), config) == batch.end()) batch.push_back(config);
    }
  }
  return batch;
}

}  // namespace foothold::search
