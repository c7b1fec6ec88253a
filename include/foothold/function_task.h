#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "foothold/export.h"
#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold {

/// A function to tune. It does its work with the settings of `config` and returns Took or Failed.
/// It must respect options.timeout_s and options.verify itself.
using TunedFunction = std::function<RunResult(const Config& config, const RunOptions& options)>;

/// Where the seconds that a TunedFunction returns come from.
enum class FunctionTimes : std::uint8_t {
  /// From a clock. Called by one thread at a time, and repeatedly as RepeatOptions says. It runs in
  /// the
  /// tuner's own process: a config that takes the process down is known after a restart and not
  /// tried again.
  kMeasured,
  /// From a formula or a simulator: the same config always takes the same time. Called once for
  /// each config, from several threads at once.
  kExact,
};

/// A task without a target: a function over the configs of `space`. Its workload is the Kernel
/// `name`: one line of 1 to 200 bytes. Nothing isolates the function; code that may hang or crash
/// is better tuned by a target that starts processes (docs/formats/command-target.md).
FOOTHOLD_EXPORT std::unique_ptr<TargetTask> MakeFunctionTask(
    const std::string& name, Space space, TunedFunction function,
    FunctionTimes times = FunctionTimes::kMeasured);

/// A correct run of one repeat that took `seconds`. REQUIRES: seconds > 0.
FOOTHOLD_EXPORT RunResult Took(double seconds);
/// A run that failed. `stage` is the step that refused, `reason` one line with its numbers.
/// REQUIRES: outcome is not kCorrect.
FOOTHOLD_EXPORT RunResult Failed(Outcome outcome, std::string stage, std::string reason);
/// The same as data, for targets that fail earlier.
FOOTHOLD_EXPORT Failure MakeFailure(Outcome outcome, std::string stage, std::string reason);

}  // namespace foothold
