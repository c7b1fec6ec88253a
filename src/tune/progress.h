#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "foothold/tuner.h"

namespace foothold {

/// "45 s", "3 min 12 s", "2 h 05 min"; one decimal below 10 s. Negative counts as 0.
std::string FormatDuration(double seconds);

/// Seconds until the first budget is spent at the pace of this session so far; nullopt before the
/// first measured trial.
std::optional<double> SecondsLeft(const TunerProgress& progress);

/// One line of at most `width` columns, ASCII, without a newline: trials done and planned, the best
/// so far in ms with GOPS, counts by outcome, elapsed time and estimated time left. What does not
/// fit is left out whole, the least important first. `operations` is the workload's OperationCount.
///
///     120/200  best 0.412 ms (561.3 GOPS)  41 correct, 60 compile, 19 runtime  12 s, 8.0 s left
std::string FormatProgress(const TunerProgress& progress, std::int64_t operations,
                           std::size_t width);

}  // namespace foothold
