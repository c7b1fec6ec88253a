#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "records/ground_truth/ground_truth.h"

namespace foothold::records {

/// What `exploration` says about the configs [begin, size()), for a reader that knows those below
/// and the first `known` verdicts. REQUIRES: configs below `begin` have no other verdicts.
std::string EncodeBlock(const GroundTruth& exploration, std::uint64_t begin, std::size_t known);

/// Adds the `count` configs that `payload` describes to `exploration`. DataLoss, with messages that
/// begin with `where`, when it is not what EncodeBlock writes; `exploration` is of no more use
/// then. REQUIRES: there are so many configs left.
Status DecodeBlock(std::string_view payload, std::uint64_t count, const std::string& where,
                   GroundTruth& exploration);

}  // namespace foothold::records
