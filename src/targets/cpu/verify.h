#pragma once

#include <span>
#include <string>

namespace foothold::cpu {

/// Empty when both are equal; else one line about the first difference and the number of them.
/// Exact: see RandomFloatTensors. REQUIRES: both of the same size.
std::string DifferenceBetween(std::span<const float> output, std::span<const float> expected);

}  // namespace foothold::cpu
