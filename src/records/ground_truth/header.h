#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "records/ground_truth/ground_truth.h"

namespace foothold::records {

constexpr std::int64_t kMaxConfigsPerBlock = 1 << 20;

/// The first line of the file, without its newline.
std::string ToJsonLine(const GroundTruthHeader& header);

/// Errors name file, line and field.
Result<GroundTruthHeader> ParseGroundTruthHeader(std::string_view line, std::string_view path);

/// The file's field in which the headers differ, as "target: explores vta:pynq, not vta:ultra96";
/// empty when they are equal.
std::string FirstDifference(const GroundTruthHeader& file, const GroundTruthHeader& wanted);

}  // namespace foothold::records
