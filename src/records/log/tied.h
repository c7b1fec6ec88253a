#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "foothold/record.h"

namespace foothold::records {

/// The finalists that cannot be told apart, the best first: the trials' measurements with the times
/// of the final, one run a round.
std::vector<Measurement> TiedIn(
    const FinalRecord& final,
    const std::function<const Measurement&(std::uint64_t trial)>& measurement_of);

}  // namespace foothold::records
