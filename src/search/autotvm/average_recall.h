#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace foothold::search {

/// AutoTVM's a-recall@count (docs/reference/vta-and-autotvm.md#cost-model): how well the best
/// configs by `scores` are the best by `labels`. Rows are taken by score, descending; rank_i is the
/// place of the i-th row's label among all labels, 0 the greatest; the recall curve is c_i = #{j <
/// i : rank_j <= i} / (i + 1), with j strictly before i, so that even a perfect order gives c_i = i
/// / (i + 1); the result is the sum of c_i over i < count, divided by `count` even when there are
/// fewer rows.
///
/// Equal scores come in the reverse of NumPy's order and equal labels are ranked in it, as in
/// AutoTVM. REQUIRES: as many scores as labels, no NaN, count > 0.
double AverageRecall(std::span<const float> scores, std::span<const float> labels,
                     std::size_t count);

/// The same sum over ranks that are known already.
double AverageRecallOfRanks(std::span<const std::uint32_t> ranks, std::size_t count);

}  // namespace foothold::search
