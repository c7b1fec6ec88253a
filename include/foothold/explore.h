#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/workload.h"

namespace foothold {

/// How to explore. The file holds `timeout_s` and `configs_per_block`; it can only be resumed with
/// the same values.
struct ExploreOptions {
  int jobs = 0;             ///< threads; 0: one per core. Never changes the file
  double timeout_s = 60.0;  ///< of one run on the target, in its seconds; > 0
  /// Number of correct configs, drawn at random, that are run again with data and compared with the
  /// reference. All others are run for their time only.
  std::uint64_t verify_sample = 32;
  /// How many configs are saved at a time: what an interrupt can lose. 1..2^20
  std::uint64_t configs_per_block = 2048;
};

/// Where an exploration stands, for progress displays.
struct ExploreProgress {
  std::uint64_t done = 0;
  std::uint64_t resumed = 0;  ///< of them, those that the file held already
  std::uint64_t total = 0;
  std::map<Outcome, std::uint64_t> outcomes;
  std::optional<double> best_seconds;
  double elapsed_s = 0;  ///< of this session
  /// Seconds until the end at this session's pace; nullopt before it explored anything.
  std::optional<double> left_s;

  std::uint64_t valid() const;  ///< of `done`, the correct ones
};

/// The result of one call of Explore.
struct ExploreResult {
  bool finished = false;  ///< false: interrupted; the same call resumes
  ExploreProgress progress;
  std::uint64_t verified = 0;           ///< correct configs compared with the reference
  std::optional<std::string> repaired;  ///< what was cut off the file
};

/// Builds and runs every config of `task`'s space, and writes each outcome to the file `path`. The
/// bytes of the file are a function of task, target name and options, `jobs` aside.
///
/// Resumes from what the file holds. A block that was torn by a crash or a full disk is cut off and
/// explored again. `interrupt` is looked at between configs; at most the current block is lost.
/// `on_progress` is called from the calling thread after each block and once at the end.
///
/// Errors: InvalidArgument when the file is something else or explores something else (the message
/// names the field), or the space is too large; DataLoss when the file is damaged, or a config of
/// the sample is not what the file says (wrong output, or another time: the simulator has changed
/// since); Unavailable when another process has the file or the target fails for reasons of its
/// own; and those of the files.
FOOTHOLD_EXPORT Result<ExploreResult> Explore(
    const TargetTask& task, const std::string& target_name, const std::string& path,
    const ExploreOptions& options, Env& env,
    const std::function<void(const ExploreProgress&)>& on_progress,
    const std::atomic<bool>& interrupt);

/// The name of the file for a workload's exploration on a target: "resnet18.C8@vta-pynq.explored",
/// with nothing in it that a file system or a shell could trip over.
FOOTHOLD_EXPORT std::string GroundTruthFileName(const Workload& workload,
                                                const std::string& target_name);

}  // namespace foothold
