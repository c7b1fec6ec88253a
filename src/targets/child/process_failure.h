#pragma once

#include <string>

#include "foothold/process.h"
#include "foothold/target.h"

// What the end of a child process means for the candidate that ran in it.
namespace foothold::child {

/// Limits that keep any candidate from doing harm, for targets whose files do not say their own: 4
/// GiB of memory and of each file, 64 MiB of output, 256 processes.
ProcessLimits CandidateLimits(double wall_s);

/// The step at which the process failed, the part of Failure::stage after the dot: "exit",
/// "signal", "timeout", ... REQUIRES: nothing cancelled it.
const char* StepOf(ProcessEnd end);
bool IsTimeLimit(ProcessEnd end);

/// "exited with code 3: wrong sum"; `said` is the program's own line, and may be empty.
std::string ReasonOf(const ProcessResult& result, const ProcessLimits& limits,
                     const std::string& said);

/// A run that failed, with stage "run.<step>".
RunResult FailedRun(Outcome outcome, const std::string& step, std::string reason);
/// A build that failed, with stage "build.<step>".
BuildResult FailedBuild(const std::string& step, std::string reason);
/// A run that says nothing about the candidate.
RunResult UnknownRun(Status status);

/// What the process used, as metrics of a run: "process.cpu_seconds", ...
Metrics MetricsOf(const ProcessResult& process);

}  // namespace foothold::child
