#pragma once

#include <cstdint>
#include <vector>

#include "foothold/rng.h"
#include "models/features/feature_matrix.h"

namespace foothold::models {

/// Rows of small whole numbers, as configs give them, and labels in [0, 1] of which about half are
/// 0, like those of a space full of failures.
struct RandomRows {
  RandomRows(std::size_t rows, std::size_t columns, std::uint64_t seed) : features(columns) {
    Rng rng(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      float sum = 0;
      for (float& value : features.AppendRow()) {
        value = static_cast<float>(rng.Below(9)) - 1;
        sum += value;
      }
      const float most = 8 * static_cast<float>(columns);
      labels.push_back(rng.Below(2) == 0 ? 0 : (sum + static_cast<float>(columns)) / most);
      if (labels.back() > 1) labels.back() = 1;
    }
  }

  FeatureMatrix features;
  std::vector<float> labels;
};

}  // namespace foothold::models
