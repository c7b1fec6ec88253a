#pragma once

#include <map>
#include <optional>
#include <string>

#include "foothold/process.h"
#include "foothold/target.h"

namespace foothold::native {

/// What the end of a child process says about the candidate that it built or ran. Stages are
/// "build." or "run." and how the process ended: "exit", "signal", "timeout", "memory", ...

/// What exit codes mean; nullopt: infrastructure. Codes that are not here mean kRuntime.
using ExitMeanings = std::map<int, std::optional<Outcome>>;

/// "exited with code 3: wrong sum", where `said` is what the program said about it.
std::string ReasonOf(const ProcessResult& result, const ProcessLimits& limits,
                     const std::string& said);

/// Of a compiler that did not succeed: kCompile, with the first error that it printed.
Failure BuildFailure(const ProcessResult& process, const ProcessLimits& limits);

/// A run of the candidate that did not end well. `outcome` is not kCorrect.
RunResult FailedRun(Outcome outcome, const std::string& step, std::string reason);
/// A run that told nothing about the candidate.
RunResult UnknownRun(Status status);

/// Of a candidate that ran: by its end, and if it succeeded by its RunReport (run_report.h). Adds
/// what the process used to the metrics: "process.cpu_seconds", ...
RunResult JudgeRun(const ProcessResult& process, const ProcessLimits& limits,
                   const ExitMeanings& exits, const RunOptions& options);

}  // namespace foothold::native
