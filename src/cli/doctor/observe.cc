#include <sys/resource.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/parallel.h"
#include "cli/doctor/facts.h"
#include "targets/opencl/runner.h"

namespace foothold::doctor {
namespace {

constexpr const char* kCpu = "/sys/devices/system/cpu/";
constexpr int kLoopRuns = 41;

const Cancelled kNever = [] { return false; };

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The first line of a file; empty when it cannot be read.
std::string ReadLine(Env& env, const std::string& path) {
  const Result<std::string> text = env.ReadFile(path);
  return text.ok() ? FirstLine(*text) : "";
}

/// Why a program did not end with 0; empty when it did.
std::string FailureOf(Env& env, const ProcessCommand& command) {
  const Result<ProcessResult> result = env.RunProcess(command, kNever);
  if (!result.ok()) return result.status().message();
  if (result->succeeded()) return "";
  const std::string error = FirstLine(result->err.text);
  return command.argv[0] + " " + Describe(*result, command.limits) +
         (error.empty() ? "" : ": " + error);
}

void ObserveCompiler(Env& env, const std::string& directory, Facts& facts) {
  const Result<ProcessResult> version = env.RunProcess({{"cc", "--version"}, "", {}, {}}, kNever);
  if (!version.ok() || !version->succeeded()) return;
  facts.compiler = FirstLine(version->out.text);
  const Status written = env.WriteFileAtomically(
      directory + "/small.c", "#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n");
  if (!written.ok()) {
    facts.compiler_error = written.message();
    return;
  }
  ProcessLimits limits;
  limits.wall_s = 60;
  facts.compiler_error = FailureOf(env, {{"cc", "-o", "small", "small.c"}, directory, {}, limits});
  if (facts.compiler_error.empty()) {
    facts.compiler_error = FailureOf(env, {{directory + "/small"}, directory, {}, limits});
  }
}

/// Whether what a child process should do it does: end by itself, and end at its limit.
void ObserveProcesses(Env& env, Facts& facts) {
  facts.process_error = FailureOf(env, {{"sh", "-c", "exit 0"}, "", {}, {}});
  if (!facts.process_error.empty()) return;
  ProcessCommand sleeper{{"sleep", "30"}, "", {}, {}};
  sleeper.limits.wall_s = 0.1;
  const Result<ProcessResult> result = env.RunProcess(sleeper, kNever);
  if (!result.ok()) {
    facts.process_error = result.status().message();
  } else if (result->end != ProcessEnd::kWallLimit) {
    facts.process_error =
        "a program that should have been stopped after 0.1 s " + Describe(*result, sleeper.limits);
  }
}

/// Names of statfs(2), those that matter to people who build in them.
std::string FileSystemName(std::uint64_t type) {
  static constexpr std::pair<std::uint64_t, const char*> kNames[] = {
      {0x01021994, "tmpfs"},     {0xEF53, "ext4"}, {0x58465342, "xfs"}, {0x9123683E, "btrfs"},
      {0x794C7630, "overlayfs"}, {0x6969, "nfs"},  {0x2FC12FC1, "zfs"}, {0x858458F6, "ramfs"},
  };
  for (const auto& [number, name] : kNames) {
    if (number == type) return name;
  }
  return "";
}

void ObserveTemporaryFolder(const std::string& directory, Facts& facts) {
  // It lies in one that this process has there.
  facts.temporary_path = std::filesystem::path(directory).parent_path().parent_path().string();
  struct statfs info {};
  if (::statfs(directory.c_str(), &info) != 0) return;
  facts.temporary_file_system = FileSystemName(static_cast<std::uint64_t>(info.f_type));
  facts.temporary_free_bytes =
      static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_bsize);
}

std::optional<std::uint64_t> SoftLimit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

/// The smallest step between two looks that differ.
double ClockResolution(Env& env) {
  double smallest = 0;
  double last = env.MonotonicSeconds();
  for (int i = 0; i < 20'000; ++i) {
    const double now = env.MonotonicSeconds();
    if (now > last && (smallest <= 0 || now - last < smallest)) smallest = now - last;
    last = now;
  }
  return smallest;
}

/// A few milliseconds of work that no compiler can shorten.
std::vector<double> TimeLoop(Env& env) {
  std::vector<double> seconds;
  for (int run = 0; run <= kLoopRuns; ++run) {
    const double start = env.MonotonicSeconds();
    volatile std::uint64_t state = 1;
    for (int i = 0; i < 1'000'000; ++i) state = state * 6364136223846793005U + 1442695040888963407U;
    if (run > 0) seconds.push_back(env.MonotonicSeconds() - start);  // the first warms up
  }
  return seconds;
}

std::optional<bool> ReadTurbo(Env& env) {
  const std::string no_turbo = ReadLine(env, std::string(kCpu) + "intel_pstate/no_turbo");
  if (!no_turbo.empty()) return no_turbo == "0";
  const std::string boost = ReadLine(env, std::string(kCpu) + "cpufreq/boost");
  if (!boost.empty()) return boost == "1";
  return std::nullopt;
}

std::optional<double> ReadLoad(Env& env) {
  const std::string line = ReadLine(env, "/proc/loadavg");
  char* end = nullptr;
  const double load = std::strtod(line.c_str(), &end);
  return end != line.c_str() ? std::optional(load) : std::nullopt;
}

/// By the runner, in a process of its own: drivers crash.
void ObserveOpencl(Env& env, Facts& facts) {
  const auto devices = opencl::Runner::Default(env).Devices();
  facts.opencl_error = devices.status().message();
  if (!devices.ok()) return;
  for (const opencl::Device& device : *devices) facts.opencl_devices.push_back(device.name);
}

}  // namespace

Facts Observe(Env& env) {
  Facts facts;
  facts.load = ReadLoad(env);  // before this adds to it
  facts.cores = base::ThreadCount(0);
  ObserveProcesses(env, facts);
  const Result<std::string> directory = env.CreateTemporaryDirectory("foothold_doctor_");
  if (directory.ok()) {
    ObserveTemporaryFolder(*directory, facts);
    const Status written = env.WriteFileAtomically(*directory + "/file", "text");
    if (!written.ok()) facts.temporary_error = written.message();
    ObserveCompiler(env, *directory, facts);
    const Status removed = env.RemoveTree(*directory);
    if (!removed.ok() && facts.temporary_error.empty()) facts.temporary_error = removed.message();
  } else {
    facts.temporary_error = directory.status().message();
  }
  facts.open_files = SoftLimit(RLIMIT_NOFILE);
  facts.processes = SoftLimit(RLIMIT_NPROC);
  facts.containment = env.FindContainment();
  facts.clock_resolution_s = ClockResolution(env);
  facts.loop_seconds = TimeLoop(env);
  facts.governor = ReadLine(env, std::string(kCpu) + "cpu0/cpufreq/scaling_governor");
  facts.turbo = ReadTurbo(env);
  ObserveOpencl(env, facts);
  return facts;
}

}  // namespace foothold::doctor
