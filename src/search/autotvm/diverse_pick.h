#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "foothold/space.h"

namespace foothold::search {

/// AutoTVM's diversity filter (docs/reference/vta-and-autotvm.md#model-based-tuner): `count` of
/// `candidates`, each the one that brings the most values no picked config has in the same
/// parameter, the earlier among equals. All when there are no more than `count`, though in another
/// order. O(candidates * count * parameters).
std::vector<Config> PickDiverse(std::span<const Config> candidates, std::size_t count);

}  // namespace foothold::search
