#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/workload.h"

namespace foothold {

/// What became of a config, in the order of the tiers. The names are those of the T4 format's
/// `invalidity`; the numbers are written to disk: do not change them.
enum class Outcome : std::uint8_t {
  kConstraints = 0,  ///< breaks a known constraint; nothing was built
  kCompile = 1,      ///< the target's compiler rejects it
  kRuntime = 2,      ///< it builds, and fails when run
  kTimeout = 3,      ///< it runs past its limit
  kCorrectness = 4,  ///< it runs and computes something else than the reference
  kCorrect = 5,      ///< it runs and its output equals the reference
  /// It was correct as far as it ran, and was stopped because it takes many times as long as the
  /// best one (DeviceOptions::times_best). Its time is known to be above a bound: a censored time.
  kSlow = 6,
};
/// The T4 format's word for it: "constraints", "compile", "runtime", "timeout", "correctness",
/// "correct". "slow" is Foothold's own.
FOOTHOLD_EXPORT std::string_view ToString(Outcome outcome);
/// The outcome of one of T4's words; InvalidArgument naming them. "slow" is none of them: it comes
/// with a bound, which the record log alone has a place for.
FOOTHOLD_EXPORT Result<Outcome> ParseOutcome(std::string_view name);
/// Whether the config is no good: all but kCorrect and kSlow.
constexpr bool IsFailure(Outcome outcome) {
  return outcome != Outcome::kCorrect && outcome != Outcome::kSlow;
}

/// Why a candidate failed: data about the candidate, never an error of ours.
struct Failure {
  Outcome outcome = Outcome::kCompile;  ///< one for which IsFailure is true
  /// Which step of the target refused: "lower.dma", "jit.micro-op", "verify", ...
  std::string stage;
  /// One line with its numbers: "input scratchpad: needs 52,480 B of 32,768 B".
  std::string reason;

  friend bool operator==(const Failure&, const Failure&) = default;
};
/// "lower.dma: input scratchpad: needs 52,480 B of 32,768 B": its stage and its reason.
FOOTHOLD_EXPORT std::string ToString(const Failure& failure);

/// Named numbers about a built program or a run, in name order: "instructions", "inp_load_bytes",
/// "cycles", ...
using Metrics = std::map<std::string, double>;

/// What results depend on beside the workload and the parameters, by the name that a user knows it
/// by: {"dense.cl", "sha256 ab12..."}, {"compiler", "gcc 12.2.0"}. Two runs over the same
/// dependencies may be taken for one; what has changed since makes another run
/// (docs/concepts/tuning-and-resume.md).
using Dependencies = std::map<std::string, std::string>;

// Metrics of a program that searchers understand on any target. A target gives none, the estimate
// alone (of a simulator, say), or all three; then the lower bound is never above the others.

/// The seconds that no run of it can beat, proven from the program and the machine's description.
inline constexpr const char* kLowerBoundMetric = "lower_bound_s";
/// What an analytic model expects; may err on either side.
inline constexpr const char* kEstimateMetric = "estimate_s";
/// Its seconds if nothing overlapped: a scale for the error of the two above.
inline constexpr const char* kSerialMetric = "serial_s";

/// What a build produces. Owned by whoever asked for the build; immutable, so it may be run from
/// any thread.
class FOOTHOLD_EXPORT Program {
 public:
  virtual ~Program() = default;
  /// Facts known without running: sizes, counts, analytic bounds. Features for cost models.
  virtual const Metrics& metrics() const = 0;
};

/// A program, or why the config does not build.
struct BuildResult {
  std::unique_ptr<Program> program;  ///< null exactly when the build failed
  /// Why the candidate does not build. Has a value exactly when program is null and status is ok.
  std::optional<Failure> failure = {};
  /// Not ok when something other than the candidate failed: the compiler is missing, no process
  /// could be started. Then there is no program, and nothing is known about the config.
  Status status = {};
  bool ok() const { return program != nullptr; }
};

/// What a build without a run told about a config.
struct BuildReport {
  Config config;
  std::optional<Failure> failure;  ///< why it does not build; nullopt when it does
  Metrics metrics;                 ///< Program::metrics() of what was built
  double seconds = 0;              ///< wall seconds that the build took

  bool ok() const { return !failure; }
};

/// The end of a run that reached the device.
struct FOOTHOLD_EXPORT RunResult {
  std::optional<Failure> failure = {};  ///< why the candidate failed; nullopt when it did not
  std::vector<double> seconds = {};     ///< one per repeat; empty unless kCorrect
  /// How many of `seconds` each run gave, in order; empty when they are of one run. Targets leave
  /// it empty: who runs a program again (RepeatOptions) sets it.
  std::vector<std::size_t> times_per_run = {};
  Metrics metrics = {};
  /// Not ok when something other than the candidate failed: the board does not answer. Then nothing
  /// is known about the config, and the rest is not meaningful.
  Status status = {};
  /// Of the time that Run took, the seconds spent waiting for others to be done with the device.
  double waited_s = 0;
  /// Has a value exactly when the outcome is kSlow: one of its `seconds` would be above this; > 0.
  /// Targets leave it empty: who sets the limit knows it (DeviceOptions::times_best).
  std::optional<double> slower_than_s = {};

  /// That of `failure`, else kSlow with a bound and kCorrect without. REQUIRES: status.ok().
  Outcome outcome() const;
};

/// How a program is run this time.
struct RunOptions {
  double timeout_s = 60.0;  ///< simulated or real seconds after which a run is a kTimeout; > 0
  bool verify = true;       ///< compare the output with the reference
};

struct Explanation;  // foothold/explanation.h

/// What holds for all configs of a task. As it stands here: native code on a device of which
/// nothing is known.
struct TaskTraits {
  /// Where candidates run: "vta:pynq". Empty when the task does not know.
  std::string target = {};
  /// Whether the same program always takes the same time, as a simulator's does. If so, it is run
  /// once, and the fastest of two is known.
  bool times_are_exact = false;
  /// Whether running a candidate can take the tuner or the machine down with it (native code, a
  /// real board). If so, a config that was started and never finished is not tried again after a
  /// restart; a simulator's is.
  bool candidates_can_harm_host = true;
  /// About how many builds cost as much as a trial, which is a build and a run: what a searcher may
  /// spend on builds without runs; >= 1. Declared, not measured, so that the same seed gives the
  /// same run.
  double builds_per_trial = 1;
  /// Operations per second at which the hardware would be fully used; 0 when unknown.
  double peak_operations_per_second = 0;
  /// The least seconds any schedule can take (the larger of compute at peak and unavoidable memory
  /// traffic); 0 when unknown.
  double roofline_seconds = 0;
  /// Numbers by which devices can be compared, in name order: sizes of memories in bytes, rates in
  /// Hz, widths in lanes. Logged, for searchers that learn from runs on other devices
  /// (EarlierRun). Empty when unknown.
  Metrics device_numbers = {};
  /// What a log's header says of the machine beside host, CPU and kernel: the compiler of the
  /// candidates, say. Never compared.
  std::map<std::string, std::string> context = {};
};

/// A target prepared for one workload: its space, and how to build and run a config of it.
/// Build and Run are const and thread-safe. They never fail for reasons of the candidate: that is
/// in their result.
class FOOTHOLD_EXPORT TargetTask {
 public:
  virtual ~TargetTask() = default;
  /// What it was prepared for.
  virtual const Workload& workload() const = 0;
  /// Without the known constraints, so that a config is written the same whether they are used or
  /// not.
  virtual const Space& space() const = 0;
  /// Rules of the hardware over the space's parameters that a config must meet to build, known
  /// without building it; not all that there are. None when the target knows none.
  virtual std::vector<Constraint> KnownConstraints() const { return {}; }
  /// Makes a program of it, without running anything on the device. REQUIRES: `config` has one
  /// choice in range per parameter of space(); it need not be valid.
  virtual BuildResult Build(const Config& config) const = 0;
  /// Runs it once on the device, with the repeats that the target itself makes. REQUIRES: `program`
  /// came from Build of this task.
  virtual RunResult Run(const Program& program, const RunOptions& options) const = 0;
  /// What holds whatever the config: the same at every call, and there as long as the task is.
  virtual const TaskTraits& traits() const;
  /// What the results depend on, as it is now: hashes of sources, versions of compilers and
  /// simulators, the device and its driver. What the host is goes without saying: it is added where
  /// times are measured. As it stands here, it is the content of the running program, which holds
  /// the code of a task that an application brings along; a task that knows better overrides it.
  /// Fails when something cannot be read.
  virtual Result<Dependencies> DependsOn(Env& env) const;
  /// Why the config is invalid, or what bounds it (explanation.h). May build it, and run it where
  /// that touches no hardware. REQUIRES: as Build. As it stands here it says which config it is,
  /// and which constraint of the space it breaks; a task that knows more adds to that.
  virtual Explanation Explain(const Config& config) const;
};

/// Hardware together with how to build and run for it. Immutable, thread-safe.
class FOOTHOLD_EXPORT Target {
 public:
  virtual ~Target() = default;
  virtual std::string name() const = 0;         ///< "vta:pynq"
  virtual std::string description() const = 0;  ///< one line for `foothold list targets`
  /// InvalidArgument when the target cannot run the workload; the message says what it takes.
  virtual Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const = 0;
};

/// One trial: a config, what became of it, and what each tier cost.
struct FOOTHOLD_EXPORT Measurement {
  Config config;
  std::optional<Failure> failure = {};  ///< why the candidate failed; nullopt when it did not
  std::vector<double> seconds;  ///< times of the candidate, one per repeat; empty unless kCorrect
  /// How many of `seconds` each run gave, in order; empty when they are of one run.
  std::vector<std::size_t> times_per_run = {};
  double build_seconds = 0;  ///< wall seconds this trial spent at each tier
  double run_seconds = 0;    ///< includes verification
  Metrics metrics;
  /// Has a value exactly when the outcome is kSlow: MedianSeconds would be above this; > 0.
  std::optional<double> slower_than_s = {};

  /// That of `failure`, else kSlow with a bound and kCorrect without.
  Outcome outcome() const;
  /// One time for each run: the median of those it gave. Times of one run share its luck (where its
  /// memory lies, what else ran), so a run counts once. REQUIRES: outcome() == kCorrect.
  std::vector<double> RunSeconds() const;
  /// The figure of merit: the median of RunSeconds(). REQUIRES: outcome() == kCorrect.
  double MedianSeconds() const;
};

}  // namespace foothold
