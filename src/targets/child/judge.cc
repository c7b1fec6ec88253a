#include "targets/child/judge.h"

#include <fmt/core.h>

#include <utility>

#include "base/check.h"
#include "targets/child/output_line.h"
#include "targets/child/process_failure.h"
#include "targets/child/run_report.h"

namespace foothold::child {
namespace {

/// What a run means that ended by itself with code 0, by what it printed.
RunResult Reported(const ProcessResult& process) {
  if (process.out.last_line_is_cut) {
    return FailedRun(Outcome::kRuntime, "result",
                     fmt::format("printed a last line that is too long, of {} bytes all together",
                                 process.out.bytes));
  }
  Result<RunReport> report = ParseRunReport(process.out.text);
  if (!report.ok()) return FailedRun(Outcome::kRuntime, "result", report.status().message());
  // Whatever was asked for: who runs a candidate again does not ask every run to verify, and one
  // that says so itself is wrong all the same.
  if (!report->correct) {
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
                const ExitMeanings& exits) {
  if (process.succeeded()) return Reported(process);
  Outcome outcome = IsTimeLimit(process.end) ? Outcome::kTimeout : Outcome::kRuntime;
  if (process.end == ProcessEnd::kExited) {
    const auto found = exits.find(process.exit_code);
    if (found != exits.end()) outcome = found->second.value();
  }
  return FailedRun(outcome, StepOf(process.end),
                   ReasonOf(process, limits, LastLine(process.err.text)));
}

}  // namespace

bool MeansInfrastructure(const ExitMeanings& exits, const ProcessResult& process) {
  if (process.end != ProcessEnd::kExited) return false;
  const auto found = exits.find(process.exit_code);
  return found != exits.end() && !found->second;
}

BuildResult JudgeBuild(const ProcessResult& process, const ProcessLimits& limits) {
  return FailedBuild(StepOf(process.end),
                     ReasonOf(process, limits, FirstErrorLine(process.err.text)));
}

RunResult JudgeRun(const ProcessResult& process, const ProcessLimits& limits,
                   const ExitMeanings& exits) {
  FOOTHOLD_CHECK(!MeansInfrastructure(exits, process));
  RunResult result = Judge(process, limits, exits);
  result.metrics.merge(MetricsOf(process));
  return result;
}

}  // namespace foothold::child
