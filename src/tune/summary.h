#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foothold/record.h"
#include "foothold/target.h"

namespace foothold {

/// What the hardware could do at best for a workload; 0 where it is not known.
struct HardwareLimits {
  double peak_operations_per_second = 0;
  double roofline_seconds = 0;
};
HardwareLimits LimitsOf(const TargetTask& task);

/// One schedule of a table of the best.
struct SummaryRow {
  std::uint64_t trial = 0;
  Config config;
  std::string values;  ///< "tile_h=7 tile_w=14 ..."
  double seconds = 0;
  double gops = 0;
  std::optional<double> share_of_peak;      ///< 0..1; nullopt when the peak is not known
  std::optional<double> share_of_roofline;  ///< 0..1: roofline seconds / seconds
};

/// The `count` fastest correct trials of `run`, fastest first, the earlier of equals first. Fewer
/// when there are fewer.
std::vector<SummaryRow> BestTrials(const RunLog& run, const HardwareLimits& limits,
                                   std::size_t count);

}  // namespace foothold
