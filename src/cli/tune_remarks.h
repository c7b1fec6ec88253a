#pragma once

#include <string>

#include "foothold/env.h"
#include "foothold/tuner.h"
#include "foothold/workload.h"

namespace foothold::cli {

// What foothold tune says about a run on the standard error, beside progress and results.

/// How the run begins: before anything else that is said about it.
void Announce(const Workload& workload, const RunStart& start);
/// Which trials were correct, and are not any more.
void PrintDemoted(const Workload& workload, const TuneResult& result);
/// Why nothing is correct, as far as the first failures tell.
void PrintFirstFailures(const Workload& workload, const TuneResult& result);
/// Why trials failed, where some were correct: the most frequent reasons, from the log.
Status PrintFailures(const Workload& workload, const TuneResult& result, const std::string& log,
                     Env& env);
/// Why the searcher ended the run.
void PrintConclusion(const Workload& workload, const TuneResult& result);
void WarnOfNoise(const Workload& workload, const TuneResult& result);
void WarnOfChanges(const Workload& workload, const TuneResult& result);

}  // namespace foothold::cli
