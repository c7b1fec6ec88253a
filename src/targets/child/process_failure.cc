#include "targets/child/process_failure.h"

#include <utility>

#include "base/check.h"

namespace foothold::child {

ProcessLimits CandidateLimits(double wall_s) {
  ProcessLimits limits;
  limits.wall_s = wall_s;
  limits.memory_bytes = std::uint64_t{4096} << 20;
  limits.output_bytes = std::uint64_t{64} << 20;
  limits.file_bytes = std::uint64_t{4096} << 20;
  limits.processes = 256;
  return limits;
}

const char* StepOf(ProcessEnd end) {
  switch (end) {
    case ProcessEnd::kExited:
      return "exit";
    case ProcessEnd::kSignalled:
      return "signal";
    case ProcessEnd::kWallLimit:
      return "timeout";
    case ProcessEnd::kCpuLimit:
      return "cpu";
    case ProcessEnd::kMemoryLimit:
      return "memory";
    case ProcessEnd::kOutputLimit:
      return "output";
    case ProcessEnd::kFileSizeLimit:
      return "file_size";
    case ProcessEnd::kProcessLimit:
      return "processes";
    case ProcessEnd::kLost:
      return "lost";
    case ProcessEnd::kCancelled:
      break;
  }
  FOOTHOLD_CHECK(false, "an interrupt is a Status, and nothing else cancels a candidate");
  return "";
}

bool IsTimeLimit(ProcessEnd end) {
  return end == ProcessEnd::kWallLimit || end == ProcessEnd::kCpuLimit;
}

std::string ReasonOf(const ProcessResult& result, const ProcessLimits& limits,
                     const std::string& said) {
  const std::string described = Describe(result, limits);
  return said.empty() ? described : described + ": " + said;
}

RunResult FailedRun(Outcome outcome, const std::string& step, std::string reason) {
  return {Failure{outcome, "run." + step, std::move(reason)}};
}

RunResult UnknownRun(Status status) {
  RunResult result;
  result.status = std::move(status);
  return result;
}

BuildResult FailedBuild(const std::string& step, std::string reason) {
  return {nullptr, Failure{Outcome::kCompile, "build." + step, std::move(reason)}};
}

Metrics MetricsOf(const ProcessResult& process) {
  return {{"process.cpu_seconds", process.cpu_seconds},
          {"process.left_behind", process.left_behind},
          {"process.peak_memory_bytes", static_cast<double>(process.peak_memory_bytes)},
          {"process.wall_seconds", process.wall_seconds}};
}

}  // namespace foothold::child
