#pragma once

#include <map>
#include <optional>

#include "foothold/process.h"
#include "foothold/target.h"

// What a child process that built or ran a candidate says about it, for targets whose programs
// speak by exit codes and run reports (run_report.h).
namespace foothold::child {

/// What exit codes mean; nullopt: infrastructure. Codes that are not here mean kRuntime.
using ExitMeanings = std::map<int, std::optional<Outcome>>;

/// Whether the process ended with a code that says nothing about the candidate.
bool MeansInfrastructure(const ExitMeanings& exits, const ProcessResult& process);

/// Of a compiler that did not succeed, with the first error that it printed.
BuildResult JudgeBuild(const ProcessResult& process, const ProcessLimits& limits);

/// Of a candidate that ran: by its end, and if it succeeded by its RunReport; with MetricsOf the
/// process. REQUIRES: not MeansInfrastructure.
RunResult JudgeRun(const ProcessResult& process, const ProcessLimits& limits,
                   const ExitMeanings& exits);

}  // namespace foothold::child
