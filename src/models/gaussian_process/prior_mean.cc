#include "models/gaussian_process/prior_mean.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace foothold::models {

double TrustInPrior(std::span<const double> targets, std::span<const double> expected,
                    double variance) {
  FOOTHOLD_CHECK(targets.size() == expected.size() && variance > 0);
  const double count = std::max(1.0, static_cast<double>(targets.size()));
  const double target_mean = std::accumulate(targets.begin(), targets.end(), 0.0) / count;
  const double expected_mean = std::accumulate(expected.begin(), expected.end(), 0.0) / count;
  double products = kPriorCount * variance;
  double squares = kPriorCount * variance;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    products += (targets[i] - target_mean) * (expected[i] - expected_mean);
    squares += (expected[i] - expected_mean) * (expected[i] - expected_mean);
  }
  return std::clamp(products / squares, 0.0, 1.0);
}

}  // namespace foothold::models
