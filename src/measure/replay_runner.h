#pragma once

#include <functional>
#include <memory>

#include "foothold/target.h"
#include "measure/clock.h"
#include "measure/runner.h"

namespace foothold::measure {

/// What is known of each config of a space without building or running it.
struct Replay {
  /// What a trial of the config gives. It takes its build_seconds and run_seconds.
  std::function<Measurement(const Config& config)> measure;
  /// What a build without a run gives. It takes its seconds.
  std::function<BuildReport(const Config& config)> build;
};

/// Answers with what is known, one config after another, and advances `clock` by what each takes.
/// Its times are exact, so it compares nothing in turns: Compare is Unavailable. `clock` must
/// outlive the runner.
std::unique_ptr<Runner> MakeReplayRunner(Replay replay, VirtualClock& clock);

}  // namespace foothold::measure
