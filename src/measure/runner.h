#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "foothold/status.h"
#include "foothold/target.h"
#include "measure/comparison.h"

namespace foothold::measure {

/// What became of a batch of configs.
struct MeasuredBatch {
  /// Those of the first configs, in the order of the configs. Fewer than there are configs when the
  /// runner was told to stop, or `status` is not ok.
  std::vector<Measurement> measurements;
  /// How each of them was built, in the same order. Empty from runners that build nothing.
  std::vector<BuildReport> builds = {};
  /// Not ok when something other than a candidate failed: the worker, the board, memory. It says
  /// nothing about any config.
  Status status = {};
};

/// The same of builds without a run.
struct BuiltBatch {
  std::vector<BuildReport> reports;
  Status status;
};

/// A config that was measured as correct and has been found not to be: it failed when it was run
/// again, and others did not.
struct Demotion {
  Config config;
  Failure failure;
};

/// Turns configs into measurements: checks the known constraints, builds, runs, verifies. How a
/// candidate is isolated from the tuner is what implementations differ in. Not thread-safe.
class Runner {
 public:
  /// Asked between candidates, from any of the runner's threads: true means to finish what is being
  /// measured and to begin nothing more.
  using ShouldStop = std::function<bool()>;

  virtual ~Runner() = default;
  /// How many candidates it measures at once, >= 1.
  virtual std::size_t parallelism() const = 0;
  /// Measures `configs`. With a deterministic target the measurements depend on the configs alone,
  /// wall times aside. REQUIRES: each config has one choice in range per parameter of the space.
  virtual MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) = 0;
  /// Builds `configs` and runs none. REQUIRES: as Measure.
  virtual BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) = 0;
  /// Compares `configs`, which were correct when they were measured; see CompareInTurns. REQUIRES:
  /// as Measure.
  virtual Result<Comparison> Compare(std::span<const Config> configs, const RepeatOptions& rules,
                                     double seconds, std::uint64_t seed,
                                     const ShouldStop& should_stop, const OnRound& on_round) = 0;
  /// What was demoted since the last call, in order; each config at most once.
  virtual std::vector<Demotion> TakeDemotions() { return {}; }
  /// Whether the status of the last batch is about the device or the set-up as a whole, and not
  /// about one config, with which another one would go better.
  virtual bool HasDiagnosis() const { return false; }
  /// How steady the times of this runner's device are, as far as it could see.
  virtual std::optional<Steadiness> steadiness() const { return std::nullopt; }
};

}  // namespace foothold::measure
