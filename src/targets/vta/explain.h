#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foothold/target.h"
#include "targets/vta/activity.h"
#include "targets/vta/vta_task.h"

namespace foothold::vta {

/// Where a config's time goes, or why it is not a program.
struct Explanation {
  /// One kind of work of one unit, and the cycles its instructions took.
  struct Share {
    std::string unit;  ///< "load", "compute", "store", "fetch", "host"
    std::string work;  ///< "input loads", "GEMM", ...
    std::int64_t instructions = 0;
    std::int64_t cycles = 0;
    std::int64_t bytes = 0;
  };

  std::string target;
  std::string workload;
  std::string config;  ///< "tile_b=1 tile_h=14 ..."
  std::uint64_t index = 0;
  std::optional<Failure> failure;  ///< set when the config is invalid; the rest is empty then

  double seconds = 0;
  double gops = 0;
  double share_of_peak = 0;
  double share_of_roofline = 0;
  double host_seconds = 0;
  std::int64_t cycles = 0;
  std::vector<Share> shares;  ///< by unit, largest first within a unit
  std::string bound;          ///< the kind of work that must shrink first: "GEMM"
  std::string next_bound;     ///< what would bound then
  Breakdown stalls;
  std::int64_t timeline_piece_cycles = 0;
  std::vector<Activity::Row> timeline;  ///< when each kind of work was done
  Metrics metrics;
};

Explanation ExplainConfig(const VtaTask& task, const Config& config);

/// A few lines for people, and the same as one JSON object.
std::string ToText(const Explanation& explanation);
std::string ToJson(const Explanation& explanation);

}  // namespace foothold::vta
