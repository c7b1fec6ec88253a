#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace foothold {

/// What a child process and everything it starts may use. What is not set is not limited.
struct ProcessLimits {
  std::optional<double> wall_s;  ///< > 0
  /// Processor time of all its processes together; > 0. Looked at some 50 times a second, so it is
  /// overrun by a little; each single process is stopped by the system a second later (RLIMIT_CPU).
  std::optional<double> cpu_s;
  /// Resident memory of all its processes together; pages that processes share count once for each.
  /// Looked at some 50 times a second; between two looks each single process is held by the system
  /// to twice as much private memory (RLIMIT_DATA). In a cgroup with the memory controller the
  /// system holds it instead, exactly: no swap, shared pages count once, and so does what the file
  /// cache cannot give back.
  std::optional<std::uint64_t> memory_bytes;
  /// Of stdout and stderr together. It is killed when it writes more.
  std::optional<std::uint64_t> output_bytes;
  /// Size of any one file that it writes (RLIMIT_FSIZE).
  std::optional<std::uint64_t> file_bytes;
  /// Processes at a time, the first included; > 0. Looked at some 50 times a second; in a cgroup
  /// with the pids controller the system stops what grows faster, at 32 threads for each process
  /// and not below 1024.
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
  /// Of each of stdout and stderr at most so many bytes are kept: the first and the last half.
  std::size_t kept_output_bytes = 64 << 10;
  /// The last line that is not blank is kept whole up to so many bytes, also where it is longer
  /// than that half: it may be a result.
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
  kLost,           ///< something killed, or held up, the process that watched over it
};

/// What became of a child process. Whatever `end` is, it and all that it started are gone, but for
/// `out_of_reach`, and what was measured up to then is here.
struct ProcessResult {
  ProcessEnd end = ProcessEnd::kExited;
  int exit_code = 0;  ///< meaningful for kExited
  int signal = 0;     ///< meaningful for kSignalled
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< user and system time of all its processes
  /// Most resident memory seen, of all its processes together; 0 when it ended before a look. In a
  /// cgroup with the memory controller: the most that it ever had, file cache included.
  std::uint64_t peak_memory_bytes = 0;
  /// Processes that still ran when the child had ended by itself; they were killed.
  int left_behind = 0;
  /// Processes that it started, itself perhaps, that could not be ended or, without /proc, not be
  /// found. They may still run.
  int out_of_reach = 0;
  CapturedOutput out;
  CapturedOutput err;

  bool succeeded() const { return end == ProcessEnd::kExited && exit_code == 0; }
};

/// One line without a full stop, with its numbers: "exited with code 3", "was killed by signal 11
/// (Segmentation fault)", "ran past its limit of 2 s".
std::string Describe(const ProcessResult& result, const ProcessLimits& limits);

/// Asked some 50 times a second while a child runs: true ends it.
using Cancelled = std::function<bool()>;

}  // namespace foothold
