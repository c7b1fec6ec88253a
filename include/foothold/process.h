#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foothold/export.h"

namespace foothold {

/// Limits of a child process together with everything it starts. Unset: unlimited.
struct ProcessLimits {
  std::optional<double> wall_s;  ///< > 0
  /// Processor time of all its processes together; > 0. Checked about 50 times a second, so it may
  /// be exceeded slightly. The system stops each single process a second later (RLIMIT_CPU).
  std::optional<double> cpu_s;
  /// Resident memory of all its processes together; pages that they share count once, except where
  /// the system does not let them be told (then once for each). Checked about 50 times a second.
  /// Between two checks the system limits each single process to twice as much private memory
  /// (RLIMIT_DATA). In a cgroup with the memory controller the system enforces the limit exactly
  /// instead: without swap, with shared pages counted once, and with the part of the file cache
  /// that cannot be given back.
  std::optional<std::uint64_t> memory_bytes;
  /// Bytes of stdout and stderr together. The program is killed when it writes more.
  std::optional<std::uint64_t> output_bytes;
  /// Size of any one file that it writes (RLIMIT_FSIZE).
  std::optional<std::uint64_t> file_bytes;
  /// Processes at a time, including the first; > 0. Checked about 50 times a second. In a cgroup
  /// with the pids controller the system also stops faster growth, at 32 threads for each process
  /// but at least 1024.
  std::optional<int> processes;
  /// Between SIGTERM and SIGKILL when the wall limit or a cancellation ends it. The other limits
  /// kill at once.
  double grace_s = 0.5;
};

/// A program to run as a child process. No shell is involved.
struct ProcessCommand {
  /// The program and its arguments. A program without a slash is looked for in PATH; a relative
  /// path is relative to `directory`. REQUIRES: not empty.
  std::vector<std::string> argv;
  std::string directory;  ///< empty: that of this process
  /// Added to this process's environment, over variables of the same name.
  std::map<std::string, std::string> environment;
  ProcessLimits limits;
  /// Bytes kept of each of stdout and stderr: half from the beginning, half from the end.
  std::size_t kept_output_bytes = 64 << 10;
  /// The last line that is not blank may be a result. It is kept whole up to this many bytes, even
  /// when it is longer than that half.
  std::size_t kept_last_line_bytes = 4 << 20;
};

/// One output stream of a child, cut in the middle when it is long.
struct CapturedOutput {
  std::string text;  ///< says in the middle how much was dropped, if anything was
  std::uint64_t bytes = 0;
  std::uint64_t dropped_bytes = 0;
  bool last_line_is_cut = false;  ///< the last line that is not blank lost its beginning
};

/// How a child process ended.
enum class ProcessEnd : std::uint8_t {
  kExited,         ///< by itself, with `exit_code`
  kSignalled,      ///< by `signal`, which Foothold did not send
  kWallLimit,      ///< killed at limits.wall_s
  kCpuLimit,       ///< killed at limits.cpu_s
  kMemoryLimit,    ///< killed at limits.memory_bytes
  kOutputLimit,    ///< killed at limits.output_bytes
  kFileSizeLimit,  ///< SIGXFSZ: wrote beyond limits.file_bytes
  kProcessLimit,   ///< killed at limits.processes
  kCancelled,      ///< killed because `cancelled` said so
  kLost,           ///< the process that watches it was killed or stopped
};

/// The result of a child process. Whatever `end` is, the process and all that it started are gone,
/// except `out_of_reach`.
struct ProcessResult {
  ProcessEnd end = ProcessEnd::kExited;
  int exit_code = 0;  ///< meaningful for kExited
  int signal = 0;     ///< meaningful for kSignalled
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< user and system time of all its processes
  /// Peak resident memory seen, of all its processes together; 0 when it ended before the first
  /// check. In a cgroup with the memory controller: the exact peak, including the file cache.
  std::uint64_t peak_memory_bytes = 0;
  /// Processes that still ran when the child had ended by itself; they were killed.
  int left_behind = 0;
  /// Processes, possibly the program itself, that could not be ended or, without /proc, not be
  /// found. They may still run.
  int out_of_reach = 0;
  CapturedOutput out;
  CapturedOutput err;

  bool succeeded() const { return end == ProcessEnd::kExited && exit_code == 0; }
};

/// One line without a full stop, with its numbers: "exited with code 3", "was killed by signal 11
/// (Segmentation fault)", "ran past its limit of 2 s".
FOOTHOLD_EXPORT std::string Describe(const ProcessResult& result, const ProcessLimits& limits);

/// What cgroups (v2) do for child processes here.
struct CgroupSupport {
  bool groups = false;     ///< each child has a group of its own, and is killed as one
  bool memory = false;     ///< whose memory the kernel limits and counts
  bool processes = false;  ///< whose number of tasks the kernel limits
  std::string missing;     ///< why not all three, without a full stop; empty: they are there
  /// The system's hierarchy has what it takes: in a group that is delegated to this user and holds
  /// nothing but this process there would be all three.
  bool delegable = false;
};

/// How far the system lets child processes be contained.
struct Containment {
  CgroupSupport cgroups;
  std::string daemons_error;  ///< why what a child leaves behind cannot be found; empty: it can
};

/// Called about 50 times a second while a child runs. True ends the child.
using Cancelled = std::function<bool()>;

}  // namespace foothold
