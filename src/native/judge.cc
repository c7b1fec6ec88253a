#include "native/judge.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "native/run_report.h"

namespace foothold::native {
namespace {

/// AutoTVM's number for an outcome (reference F.9); the building commands are a host compiler.
int AutotvmError(Outcome outcome, bool timed_out) {
  switch (outcome) {
    case Outcome::kConstraints:
      return 1;
    case Outcome::kCompile:
      return timed_out ? 6 : 2;
    case Outcome::kRuntime:
      return 4;
    case Outcome::kTimeout:
      return 7;
    case Outcome::kCorrectness:
      return 5;
    case Outcome::kCorrect:
      return 0;
  }
  FOOTHOLD_CHECK(false, "unknown outcome");
  return 0;
}

/// The step of a stage at which a process failed: the part of Failure::stage after the dot.
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
  FOOTHOLD_CHECK(false, "nothing cancels a candidate");
  return "";
}

bool IsTimeLimit(ProcessEnd end) {
  return end == ProcessEnd::kWallLimit || end == ProcessEnd::kCpuLimit;
}

Metrics MetricsOf(const ProcessResult& process) {
  return {{"process.cpu_seconds", process.cpu_seconds},
          {"process.left_behind", process.left_behind},
          {"process.peak_memory_bytes", static_cast<double>(process.peak_memory_bytes)},
          {"process.wall_seconds", process.wall_seconds}};
}

/// What a run means that ended by itself with code 0, by what it printed.
RunResult Reported(const ProcessResult& process, const RunOptions& options) {
  Result<RunReport> report = ParseRunReport(process.out.text);
  if (!report.ok()) return FailedRun(Outcome::kRuntime, "result", report.status().message());
  if (options.verify && !report->correct) {
    return FailedRun(Outcome::kCorrectness, "result",
                     fmt::format("reported a wrong output{}{}", process.err.bytes > 0 ? ": " : "",
                                 LastLine(process.err.text)));
  }
  if (report->seconds.empty()) {
    return FailedRun(Outcome::kRuntime, "result", "reported no seconds");
  }
  RunResult result;
  result.seconds = std::move(report->seconds);
  result.metrics = std::move(report->metrics);
  return result;
}

/// What the end of a run means, its metrics aside.
RunResult Judge(const ProcessResult& process, const ProcessLimits& limits,
                const ExitMeanings& exits, const RunOptions& options) {
  if (process.succeeded()) return Reported(process, options);
  Outcome outcome = IsTimeLimit(process.end) ? Outcome::kTimeout : Outcome::kRuntime;
  if (process.end == ProcessEnd::kExited) {
    const auto found = exits.find(process.exit_code);
    if (found != exits.end()) outcome = found->second.value_or(outcome);
  }
  return FailedRun(outcome, StepOf(process.end),
                   ReasonOf(process, limits, LastLine(process.err.text)));
}

}  // namespace

std::string ReasonOf(const ProcessResult& result, const ProcessLimits& limits,
                     const std::string& said) {
  const std::string described = Describe(result, limits);
  return said.empty() ? described : described + ": " + said;
}

Failure BuildFailure(const ProcessResult& process, const ProcessLimits& limits) {
  return {Outcome::kCompile, std::string("build.") + StepOf(process.end),
          ReasonOf(process, limits, FirstErrorLine(process.err.text)),
          AutotvmError(Outcome::kCompile, IsTimeLimit(process.end))};
}

RunResult FailedRun(Outcome outcome, const std::string& step, std::string reason) {
  RunResult result;
  result.outcome = outcome;
  result.failure = {outcome, "run." + step, std::move(reason), AutotvmError(outcome, false)};
  return result;
}

RunResult UnknownRun(Status status) {
  RunResult result;
  result.status = std::move(status);
  return result;
}

RunResult JudgeRun(const ProcessResult& process, const ProcessLimits& limits,
                   const ExitMeanings& exits, const RunOptions& options) {
  RunResult result = Judge(process, limits, exits, options);
  result.metrics.merge(MetricsOf(process));
  return result;
}

}  // namespace foothold::native
