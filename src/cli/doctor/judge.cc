#include "cli/doctor/judge.h"

#include <fmt/core.h>

#include "base/check.h"
#include "base/statistics.h"
#include "base/text.h"

namespace foothold::doctor {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
/// Of the folder for candidates: with less nothing works, or not much.
constexpr std::uint64_t kNeededBytes = 64 * kMegabyte;
constexpr std::uint64_t kAmpleBytes = 2'000 * kMegabyte;
/// A keeper, two pipes and a log need few descriptors; each job needs some more.
constexpr std::uint64_t kDescriptorsPerJob = 16;
constexpr std::uint64_t kDescriptors = 64;
/// Of the tuner, its keepers, and a build of several processes, for each job.
constexpr std::uint64_t kProcessesPerJob = 32;
/// Quartiles of a fixed loop that lie further apart than this make close candidates a matter of
/// luck.
constexpr double kCalmSpread = 0.03;
constexpr double kFineClock = 1e-6;

Finding JudgeCompiler(const Facts& facts) {
  if (facts.compiler.empty()) {
    return {"compiler", Verdict::kProblem,
            "there is no program cc: native candidates cannot be built",
            "install gcc or clang (Debian: apt install gcc)"};
  }
  if (!facts.compiler_error.empty()) {
    return {"compiler", Verdict::kProblem,
            fmt::format("{}: cannot build and run a small program: {}", facts.compiler,
                        facts.compiler_error),
            "install the C library's headers (Debian: apt install libc6-dev); if the program was "
            "built and may not run, set TMPDIR to a folder that is not mounted noexec"};
  }
  return {"compiler", Verdict::kOk, facts.compiler, ""};
}

Finding JudgeProcesses(const Facts& facts) {
  if (!facts.process_error.empty()) {
    return {"isolation", Verdict::kProblem,
            "candidates cannot be run as child processes: " + facts.process_error,
            "look at ulimit -u, and at what the container or sandbox around this shell forbids"};
  }
  if (!facts.containment.daemons_error.empty()) {
    const char* what =
        facts.containment.cgroups.groups
            ? "limits on memory, processor time and the number of processes hold for one process "
              "only, where a cgroup does not hold them"
            : "candidates that become daemons cannot be found, and run on; limits on memory, "
              "processor time and the number of processes hold for one process only";
    return {"isolation", Verdict::kWarning,
            fmt::format("{}: {}", facts.containment.daemons_error, what),
            "mount a /proc of this PID namespace (unshare --mount-proc, docker without special "
            "options), on a kernel with CONFIG_PROC_CHILDREN"};
  }
  return {"isolation", Verdict::kOk, "child processes run, and end at their limits", ""};
}

Finding JudgeTemporaryFolder(const Facts& facts) {
  constexpr const char* kFix = "set TMPDIR to a folder of your own on a disk with room";
  if (!facts.temporary_error.empty()) {
    return {"temporary folder", Verdict::kProblem,
            "candidates have no place to be built: " + facts.temporary_error, kFix};
  }
  std::string what = facts.temporary_path;
  if (!facts.temporary_file_system.empty()) what += " on " + facts.temporary_file_system;
  if (!facts.temporary_free_bytes) return {"temporary folder", Verdict::kOk, what, ""};
  const std::uint64_t free = *facts.temporary_free_bytes;
  what += fmt::format(", {:.1f} GB free", static_cast<double>(free) / 1e9);
  if (free < kNeededBytes) {
    return {"temporary folder", Verdict::kProblem, what + ": builds will fail", kFix};
  }
  if (free < kAmpleBytes) {
    return {"temporary folder", Verdict::kWarning, what + ": large candidates may not fit", kFix};
  }
  return {"temporary folder", Verdict::kOk, what, ""};
}

std::string LimitText(const std::optional<std::uint64_t>& limit) {
  return limit ? std::to_string(*limit) : "any number of";
}

Finding JudgeLimits(const Facts& facts, std::size_t jobs) {
  std::string what = fmt::format("{} open files, {} processes", LimitText(facts.open_files),
                                 LimitText(facts.processes));
  const std::uint64_t files = kDescriptors + kDescriptorsPerJob * jobs;
  if (facts.open_files && *facts.open_files < files) {
    return {"limits", Verdict::kProblem,
            fmt::format("{}: {} jobs need {} open files", what, jobs, files),
            fmt::format("ulimit -n {}, or fewer --jobs", files)};
  }
  const std::uint64_t processes = kProcessesPerJob * jobs;
  if (facts.processes && *facts.processes < processes) {
    return {"limits", Verdict::kWarning,
            fmt::format("{}: builds in {} jobs may run out of processes", what, jobs),
            fmt::format("ulimit -u {}, or fewer --jobs", processes)};
  }
  return {"limits", Verdict::kOk, what, ""};
}

/// Foothold does without; who wants limits that hold exactly needs to know.
Finding JudgeCgroups(const Facts& facts) {
  const CgroupSupport& cgroups = facts.containment.cgroups;
  std::string what = cgroups.groups ? "each candidate has one of its own and is killed as a whole"
                                    : "candidates have none of their own";
  if (cgroups.memory && cgroups.processes) {
    return {"cgroups", Verdict::kOk,
            what + "; the kernel limits its memory and the number of its processes", ""};
  }
  const char* looked = cgroups.memory      ? "the number of its processes is"
                       : cgroups.processes ? "its memory is"
                                           : "memory and the number of processes are";
  what += fmt::format("; {} limited by looking 50 times a second: {}", looked, cgroups.missing);
  return {"cgroups", Verdict::kOk, what,
          cgroups.delegable ? "for exact limits: systemd-run --user --scope -p Delegate=yes "
                              "foothold ... (as root without --user; in a container, give it a "
                              "writable /sys/fs/cgroup and start foothold alone in its cgroup)"
                            : "for exact limits: a system with cgroups v2 alone (kernel parameter "
                              "systemd.unified_cgroup_hierarchy=1)"};
}

Finding JudgeCores(const Facts& facts, std::size_t jobs) {
  std::string what = fmt::format("{} for {} jobs", facts.cores, jobs);
  if (facts.load) what += fmt::format(", load {:.1f}", *facts.load);
  if (jobs > facts.cores) {
    return {"cores", Verdict::kWarning, what + ": builds disturb each other and what is measured",
            fmt::format("--jobs {} or less", facts.cores)};
  }
  if (facts.load && *facts.load > 0.5 * static_cast<double>(facts.cores)) {
    return {"cores", Verdict::kWarning, what + ": other programs disturb what is measured here",
            "measure when the machine is idle"};
  }
  return {"cores", Verdict::kOk, what, ""};
}

Finding JudgeClock(const Facts& facts) {
  if (facts.clock_resolution_s <= 0) {
    return {"clock", Verdict::kProblem, "the clock stands still: nothing can be timed", ""};
  }
  std::string what = fmt::format("steps of {:.3g} ns", facts.clock_resolution_s * 1e9);
  if (facts.clock_resolution_s <= kFineClock) return {"clock", Verdict::kOk, what, ""};
  return {"clock", Verdict::kWarning, what + ": short candidates cannot be told apart",
          "let a candidate repeat its work until it takes a millisecond or more"};
}

Finding JudgeStability(const Facts& facts) {
  const auto median = base::Median(facts.loop_seconds);
  const auto range = base::InterquartileRange(facts.loop_seconds);
  if (!median || !range || *median <= 0) {
    return {"stability", Verdict::kProblem, "a fixed loop cannot be timed", ""};
  }
  const double spread = *range / *median;
  const auto slowest = base::Quantile(facts.loop_seconds, 1);
  std::string what = fmt::format(
      "a fixed loop takes {:.3f} ms; half of its runs lie within {:.1f} %, the slowest "
      "takes {:.2f} times as long",
      *median * 1e3, spread * 100, slowest.value_or(0) / *median);
  if (spread <= kCalmSpread) return {"stability", Verdict::kOk, what, ""};
  return {"stability", Verdict::kWarning,
          fmt::format("{}: candidates that differ by less cannot be told apart", what),
          "end other programs, fix the frequency, pin the candidate to a core (taskset), repeat "
          "more"};
}

Finding JudgeFrequency(const Facts& facts) {
  std::string what = facts.governor.empty() ? "not readable (as in most virtual machines)"
                                            : "governor " + facts.governor;
  if (facts.turbo) what += *facts.turbo ? ", turbo on" : ", turbo off";
  if (!facts.governor.empty() && facts.governor != "performance") {
    return {"frequency", Verdict::kWarning, what + ": the first runs of a candidate are slower",
            "cpupower frequency-set -g performance (as root)"};
  }
  if (facts.turbo.value_or(false)) {
    return {"frequency", Verdict::kWarning, what + ": times depend on temperature and other cores",
            "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 > "
            "/sys/devices/system/cpu/cpufreq/boost (as root)"};
  }
  return {"frequency", Verdict::kOk, what, ""};
}

/// Only the target opencl needs it, so its absence is no fault.
Finding JudgeOpencl(const Facts& facts) {
  if (!facts.opencl_error.empty()) return {"OpenCL", Verdict::kOk, facts.opencl_error, ""};
  if (facts.opencl_devices.empty()) {
    return {"OpenCL", Verdict::kOk, "no device (for the CPU, Debian: apt install pocl-opencl-icd)",
            ""};
  }
  return {"OpenCL", Verdict::kOk, base::Joined(facts.opencl_devices, ", "), ""};
}

}  // namespace

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kWarning:
      return "warning";
    case Verdict::kProblem:
      return "problem";
  }
  FOOTHOLD_CHECK(false, "unknown verdict");
  return {};
}

std::vector<Finding> Judge(const Facts& facts, std::size_t jobs) {
  FOOTHOLD_CHECK(jobs > 0);
  return {JudgeCompiler(facts),     JudgeProcesses(facts), JudgeTemporaryFolder(facts),
          JudgeLimits(facts, jobs), JudgeCgroups(facts),   JudgeCores(facts, jobs),
          JudgeClock(facts),        JudgeStability(facts), JudgeFrequency(facts),
          JudgeOpencl(facts)};
}

}  // namespace foothold::doctor
