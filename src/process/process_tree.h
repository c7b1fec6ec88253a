#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace foothold::process {

/// Whether /proc is mounted and its numbers are this process's: in a PID namespace without a /proc
/// of its own they are another's, and must not be read, let alone killed. Async-signal-safe.
bool ProcIsOfThisNamespace();

/// Of all its threads; none when that cannot be told.
std::vector<pid_t> ChildrenOf(pid_t pid);

/// Kills the descendants of `root`, itself not included, until none is alive or `seconds` have
/// passed; how many are still alive then. None is, so far as this can tell, without /proc.
int KillBelow(pid_t root, double seconds);

/// "R" for running, "T" for stopped, "t" for traced, "Z" for a zombie, ... as in proc(5); 0 when
/// that cannot be told.
char StateOf(pid_t pid);

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

/// The resident memory of the descendants of `root` in bytes, itself not included, where pages that
/// they share count once (what is shared with others counts in part). Slower than UsageBelow: about
/// a millisecond for each process.
std::uint64_t MemoryBelow(pid_t root);

}  // namespace foothold::process
