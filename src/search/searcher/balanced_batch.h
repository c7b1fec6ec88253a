#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "foothold/rng.h"
#include "foothold/space.h"

namespace foothold::search {

/// Steps between two configs: the sum over parameters of the distance of their choices.
std::size_t ManhattanDistance(const Config& a, const Config& b);

/// `count` of `configs` that lie far from each other: a random one first, then always the one whose
/// nearest picked config is farthest (greedy max-min; the earlier among equals). All of them, in
/// such an order, when there are no more. O(configs * count * parameters).
std::vector<Config> PickDistant(std::span<const Config> configs, std::size_t count, Rng& rng);

/// The first batch E0 of arXiv 2205.15568: half valid configs, then half invalid ones, each half
/// picked to be distant; the larger half valid. Where one kind has too few, the other fills up.
/// No more than `count`, and no more than there are.
std::vector<Config> PickBalanced(std::span<const Config> valid, std::span<const Config> invalid,
                                 std::size_t count, Rng& rng);

}  // namespace foothold::search
