#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foothold/exploration.h"

namespace foothold {

constexpr std::int64_t kMaxConfigsPerBlock = 1 << 20;

/// The first line of the file, without its newline.
std::string ToJsonLine(const ExplorationHeader& header);

/// Errors name file, line and field.
Result<ExplorationHeader> ParseExplorationHeader(std::string_view line, std::string_view path);

/// The file's field in which the headers differ, as "target: explores vta:pynq, not vta:ultra96";
/// empty when they are equal.
std::string FirstDifference(const ExplorationHeader& file, const ExplorationHeader& wanted);

}  // namespace foothold
