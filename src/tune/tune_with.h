#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/searcher.h"
#include "foothold/target.h"
#include "foothold/tuner.h"
#include "measure/runner.h"

namespace foothold {

/// What Tune does, with a searcher and a runner of the caller's choice; `header` says what they
/// are. REQUIRES: the options are in range; the searcher has proposed nothing yet.
Result<TuneResult> TuneWith(
    const TargetTask& task, const RunHeader& header, std::unique_ptr<Searcher> searcher,
    std::unique_ptr<Runner> runner, const TunerOptions& options, const std::string& log_path,
    Env& env, const std::function<void(const TunerProgress&)>& on_progress,
    const std::atomic<bool>& interrupt,
    const std::function<void(const RunStart&)>& on_start = [](const RunStart&) {});

}  // namespace foothold
