#pragma once

#include <cstdint>

namespace foothold::base {

/// The most that is read of a file that people write, or programs for them: a workload, a board, a
/// kernel, a target. Real ones have some kilobytes.
inline constexpr std::uint64_t kMostDescriptionBytes = std::uint64_t{16} << 20;

}  // namespace foothold::base
