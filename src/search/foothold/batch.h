#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "foothold/space.h"
#include "models/features/feature_matrix.h"

namespace foothold::search {

/// `count` rows of great score that differ: always the best next, and what is near one picked loses
/// up to log(10) of its score, so that a batch does not spend itself on one hill. Indices of rows,
/// in the order picked. `scores` are logarithms of what a row promises.
std::vector<std::size_t> PickBatch(const models::FeatureMatrix& rows,
                                   std::span<const double> scores, std::size_t count);

/// As many configs as `own` has: its first half, and then those of `other` that are new.
std::vector<Config> HalfAndHalf(const std::vector<Config>& own, const std::vector<Config>& other);

}  // namespace foothold::search
