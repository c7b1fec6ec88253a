#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/measuring.h"
#include "foothold/record.h"
#include "foothold/searcher.h"
#include "foothold/searchers.h"
#include "foothold/target.h"

namespace foothold {

/// What to do with a run of the same arguments that the log holds already.
enum class Resume {
  kUnchanged,      ///< resume it if nothing that its results depend on has changed, else a new run
  kIgnoreChanges,  ///< resume it whatever has changed, as long as its parameters are the same
  kNever,          ///< begin a new run
};
/// "unchanged", "ignore-changes", "never".
FOOTHOLD_EXPORT std::string_view ToString(Resume resume);

/// Options of a run. The defaults suit the simulator; Tune refuses values out of range.
struct TunerOptions {
  /// Number of trials, including those resumed from the log; > 0.
  std::uint64_t trials = 200;
  /// Time limit of this session; > 0. Unlimited by default.
  std::optional<double> max_seconds;
  std::size_t batch_size = 8;  ///< trials proposed at a time; > 0. Changes the result
  std::uint64_t seed = 1;
  double timeout_s = 60.0;  ///< of one run on the target, by its clock; > 0
  int jobs = 0;             ///< build-and-run threads; 0: one per core. Never changes the result
  bool verify = true;       ///< compare every output with the reference
  /// What the searcher may know of configs before they are measured. Changes the result.
  Knowledge knowledge = Knowledge::kCompiler;
  /// For searchers that learn from other runs (docs/concepts/transfer.md). Changes the result.
  std::vector<EarlierRun> earlier_runs = {};
  bool stop_early = true;  ///< when the searcher expects nothing better (Searcher::Conclusion)
  Resume resume = Resume::kUnchanged;
  /// Files and directories on which results depend, in addition to those that the target knows.
  std::vector<std::string> depends = {};
  /// Run configs again that started and never finished, even on a target whose candidates can harm
  /// the host (TaskTraits::candidates_can_harm_host).
  bool retry_unfinished = false;
  /// For targets with a real device. A simulator does not use them.
  DeviceOptions device;
  RepeatOptions repeats;
};

/// Progress of the final: the comparison of the finalists at the end of a run.
struct FinalProgress {
  std::size_t leaders = 0;   ///< number of finalists
  std::size_t tied = 0;      ///< of them, those not known to be slower than the best
  std::uint64_t rounds = 0;  ///< rounds so far, without warm-ups
  /// RepeatOptions::final_rounds. Certainty or time may end the final before.
  std::uint64_t most_rounds = 0;
};

/// How a run begins. Reported before anything is proposed.
struct RunStart {
  std::string log;                     ///< its path
  std::uint64_t run = 0;               ///< number of the run in the log
  bool resumed = false;                ///< the log held it already
  std::uint64_t trials = 0;            ///< finished trials in the log that count in this session
  std::uint64_t planned = 0;           ///< min(trials, space)
  Resume resume = Resume::kUnchanged;  ///< TunerOptions::resume
  /// The last run of the same arguments, if something that it depends on has changed. `changes`
  /// says what. It is the resumed run, or it was left alone.
  std::optional<std::uint64_t> changed_since = {};
  std::vector<Change> changes = {};
  /// The resumed run's log does not say what it depended on; that may have changed.
  bool dependencies_unknown = false;
};
/// One line for the user: "resuming run 2 of kernel.jsonl: 40 of 100 trials". Empty for a new run
/// in a log that held none of the same arguments.
FOOTHOLD_EXPORT std::string ToString(const RunStart& start);

/// Where a run stands, for progress displays.
struct TunerProgress {
  std::uint64_t finished = 0;
  std::uint64_t measured = 0;  ///< of them, those of this session; the log had the others
  std::uint64_t planned = 0;   ///< min(trials, space)
  std::map<Outcome, std::uint64_t> outcomes;
  std::uint64_t builds = 0;              ///< builds without a run, including those from the log
  std::optional<Measurement> incumbent;  ///< the fastest correct one, the earliest of equals
  double elapsed_s = 0;                  ///< of this session
  std::optional<double> max_seconds;
  std::optional<FinalProgress> final = {};  ///< set during the final
};

/// Why tuning ended.
enum class StopReason {
  kTrials,
  kTime,
  kSpaceExhausted,
  kConcluded,  ///< the searcher expects nothing better (TuneResult::conclusion)
  kInterrupted,
};
/// "trials", "time", "space exhausted", "concluded", "interrupted".
FOOTHOLD_EXPORT std::string_view ToString(StopReason reason);

/// The result of tuning. Counts and sums include what was taken from the log.
struct TuneResult {
  StopReason stop = StopReason::kTrials;
  std::string conclusion;  ///< of the searcher (Searcher::Conclusion); empty unless kConcluded
  /// Trials after which the searcher first expected nothing better, even if it was made to
  /// continue.
  std::optional<std::uint64_t> concluded_after = {};
  TunerProgress progress;
  std::uint64_t resumed = 0;  ///< trials taken from the log instead of measured
  /// Recorded as failed and not run again: started before a crash, or withdrawn too often.
  std::uint64_t skipped_unfinished = 0;
  double build_seconds = 0;  ///< sum over all trials, including those from the log; so is the next
  double run_seconds = 0;
  double search_build_seconds = 0;  ///< of builds without a run, including those from the log
  std::uint64_t run = 0;            ///< number of the run in the log
  RunStart start = {};
  /// Names of dependencies that changed during the run: its trials belong to several versions.
  std::vector<std::string> changed_meanwhile = {};
  std::optional<std::string> repaired;  ///< what was cut off the log (LogContents::repaired)

  /// The configs that cannot be told apart, the best first, where times are not exact. Their times
  /// come from the final, if there was one. Empty where times are exact or nothing was correct.
  std::vector<Measurement> tied;
  /// Why the first trials failed, in their order: at most kFirstFailures failures that differ in
  /// more than their numbers. Empty once a trial was correct.
  std::vector<Failure> first_failures = {};
  static constexpr std::size_t kFirstFailures = 3;
  /// Trials that were correct and are not any more, including those from the log.
  std::vector<DemotedRecord> demoted = {};
  std::uint64_t final_rounds = 0;        ///< rounds of the final with the best one; 0: no final
  std::optional<Steadiness> steadiness;  ///< of the device in this session; nullopt: unknown

  /// The first of `tied`, or the incumbent.
  std::optional<Measurement> best() const {
    return tied.empty() ? progress.incumbent : std::optional(tied.front());
  }
};

/// A searcher: one of Foothold's, or one of the caller's own.
struct NamedSearcher {
  /// One of ListSearchers, or a name for `searcher`. A run is found again in the log by it, so
  /// another searcher of the caller's, or other settings of the same one, needs another name.
  std::string name;
  /// The caller's own, made for MakeSearchProblem(task, options.seed, options.knowledge): new, and
  /// deterministic, since resuming asks it for the same proposals again. Null: Foothold's.
  std::unique_ptr<Searcher> searcher = nullptr;
  Dependencies dependencies = {};  ///< what its proposals depend on: a change is a new run
};

/// For callers that never interrupt a run.
inline const std::atomic<bool> kNeverInterrupted = false;

/// What to tune, and how. What it refers to must outlive the call.
struct TuneRequest {
  const TargetTask& task;
  std::string target;  ///< Target::name() of the task's target
  NamedSearcher searcher = {"foothold"};
  TunerOptions options = {};
  std::string log;  ///< path of the record log
  Env& env = *Env::Default();
  /// Called once, before anything is proposed. May be empty, as the next.
  std::function<void(const RunStart&)> on_start = {};
  /// Called from this thread after each batch, after each round of the final, and once at the end.
  std::function<void(const TunerProgress&)> on_progress = {};
  /// Ends the run when it turns true.
  const std::atomic<bool>& interrupt = kNeverInterrupted;
};

/// Tunes one workload: propose, measure, log, observe. Ends when a budget is spent, the space is
/// exhausted, the searcher expects nothing better, or `interrupt` turns true.
///
/// - Interrupts: `interrupt` is looked at between candidates. It also stops a running candidate
/// when
///   the task was prepared with an Env of MakeInterruptibleEnv; that trial is then withdrawn.
///   Everything measured by then is saved.
/// - Repeats: where times are not exact, candidates run again as `repeats` says, and the finalists
///   run in turns at the end. The log keeps all times.
/// - Resuming is the default. A run matches when the log has the same target, workload, searcher,
///   seed, batch size, timeout, verification, knowledge, earlier runs, parameters and dependencies
///   for it. The last such run is resumed: its builds and trials are replayed into the
///   searcher instead of done again. Budgets and `jobs` may differ; trials beyond `trials` stay in
///   the log and do not count. When only parameters or dependencies differ, a new run begins in the
///   same log (TunerOptions::resume).
/// - Unfinished configs: a config that started and never finished runs again when the target's
///   candidates cannot harm the host, or when `retry_unfinished` says so. Otherwise it is recorded
///   as kRuntime ("the tuner died while this config ran") and not tried again. The same holds for a
///   config for which the infrastructure failed kMostWithdrawals times over all sessions; once is
///   enough when the best candidate still runs well.
/// - Determinism: with a deterministic target the result depends on target, workload, searcher and
///   options alone, unless time or an interrupt ends the run.
///
/// Errors: InvalidArgument for an option out of range. NotFound for an unknown searcher. DataLoss
/// when the log's trials are not those that the searcher proposes. Unavailable when another tuner
/// has the log, or the target failed for reasons of its own. And those of the files. The log keeps
/// what was measured; the same call resumes from there.
FOOTHOLD_EXPORT Result<TuneResult> Tune(TuneRequest request);

}  // namespace foothold
