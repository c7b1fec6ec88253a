#pragma once

#include <sys/types.h>

#include <cstdint>

namespace foothold::internal {

/// What the processes below one use at this moment.
struct TreeUsage {
  int processes = 0;
  std::uint64_t memory_bytes = 0;  ///< resident; shared pages count once for each process
  /// User and system time of the living ones and of those that they have reaped.
  double cpu_seconds = 0;
};

/// The descendants of `root`, itself not included, from /proc. O(processes below it). A process
/// that comes or goes meanwhile may be missed.
TreeUsage UsageBelow(pid_t root);

}  // namespace foothold::internal
