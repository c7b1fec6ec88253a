#include "foothold/process.h"

#include <fmt/core.h>

#include <cstring>

#include "base/check.h"

namespace foothold {
namespace {

std::string InMegabytes(std::uint64_t bytes) {
  return fmt::format("{:.4g} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace

std::string Describe(const ProcessResult& result, const ProcessLimits& limits) {
  switch (result.end) {
    case ProcessEnd::kExited:
      return fmt::format("exited with code {}", result.exit_code);
    case ProcessEnd::kSignalled:
      return fmt::format("was killed by signal {} ({})", result.signal, ::strsignal(result.signal));
    case ProcessEnd::kWallLimit:
      return fmt::format("ran past its limit of {:g} s", limits.wall_s.value_or(0));
    case ProcessEnd::kCpuLimit:
      return fmt::format("used more than {:g} s of processor time", limits.cpu_s.value_or(0));
    case ProcessEnd::kMemoryLimit:
      return fmt::format("used {} of memory, allowed are {}", InMegabytes(result.peak_memory_bytes),
                         InMegabytes(limits.memory_bytes.value_or(0)));
    case ProcessEnd::kOutputLimit:
      return fmt::format("printed more than {}", InMegabytes(limits.output_bytes.value_or(0)));
    case ProcessEnd::kFileSizeLimit:
      if (!limits.file_bytes) return "wrote a file larger than the system allows";
      return fmt::format("wrote a file larger than {}", InMegabytes(*limits.file_bytes));
    case ProcessEnd::kProcessLimit:
      return fmt::format("started more than {} processes", limits.processes.value_or(0));
    case ProcessEnd::kCancelled:
      return "was cancelled";
    case ProcessEnd::kLost:
      return "ended together with the process that watched over it";
  }
  FOOTHOLD_CHECK(false, "unknown process end");
  return {};
}

}  // namespace foothold
