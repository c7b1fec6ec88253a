#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace foothold::search {

/// The indices that sort `values` ascending, equal values in the order in which NumPy's default
/// argsort leaves them (its introsort, as NumPy does it where no vector version takes its place:
/// any release before 1.25). AutoTVM's metric ranks with it, and most of what it ranks is equal:
/// failures all have the label 0, and trees give many configs the same score.
/// REQUIRES: no NaN.
std::vector<std::uint32_t> NumpyArgsort(std::span<const float> values);

}  // namespace foothold::search
