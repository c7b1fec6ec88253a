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
#include "foothold/measuring.h"
#include "foothold/record.h"
#include "foothold/searcher.h"
#include "foothold/target.h"

namespace foothold {

/// What becomes of a run of the same arguments that the log holds already.
enum class Resume {
  kUnchanged,      ///< resumed if all that its results depend on is as it was; else a new run
  kIgnoreChanges,  ///< resumed whatever has changed, as long as its parameters are the same
  kNever,          ///< left alone: a new run
};
/// "unchanged", "ignore-changes", "never".
std::string_view ToString(Resume resume);

/// How a run is done. Defaults are good for the simulator; Tune refuses what is out of range.
struct TunerOptions {
  std::uint64_t trials =
      200;  ///< stop after so many finished trials, those of a resumed log included; > 0
  std::optional<double>
      max_seconds;  ///< stop when this session has taken so long; > 0. Unlimited by default
  std::size_t batch_size = 8;  ///< proposals between two observations; > 0. Changes the result
  std::uint64_t seed = 1;
  double timeout_s = 60.0;  ///< of one run on the target, in its seconds; > 0
  int jobs = 0;             ///< build-and-run threads; 0: one per core. Never changes the result
  bool verify = true;       ///< compare every output with the reference
  /// What the searcher may know of configs before they are measured. Changes the result
  Knowledge knowledge = Knowledge::kCompiler;
  /// For searchers that learn from other runs (docs/concepts/transfer.md). Changes the result
  std::vector<EarlierRun> earlier_runs = {};
  bool stop_early = true;  ///< when the searcher expects nothing better (Searcher::Conclusion)
  Resume resume = Resume::kUnchanged;
  /// Files and directories on which results depend beside those that the target knows.
  std::vector<std::string> depends = {};
  /// Run configs again that were started and never finished, even on a target whose candidates can
  /// harm the host (TargetTask::CandidatesCanHarmHost).
  bool retry_unfinished = false;
  /// Of targets with a real device; a simulator has no use for them.
  DeviceRules device;
  RepeatRules repeats;
};

/// How far the comparison of the leaders at the end of a run has come.
struct FinalProgress {
  std::size_t leaders = 0;   ///< that take part
  std::size_t tied = 0;      ///< of them, those that are not known to be slower than the best
  std::uint64_t rounds = 0;  ///< that count: without warm-ups
  std::uint64_t most_rounds =
      0;  ///< RepeatRules::final_rounds; certainty or time may end it before
};

/// Something that is not what it was when a run was recorded.
struct Change {
  std::string name;    ///< "dense.cl", "parameter tile"
  std::string before;  ///< empty: it is new
  std::string after;   ///< empty: it is gone
};
/// "dense.cl (sha256 ab12cd34 -> 56ef7890)", "parameter unroll (new)".
std::string ToString(const Change& change);

/// How a run begins: said before anything is proposed.
struct RunStart {
  std::string log;                     ///< its path
  std::uint64_t run = 0;               ///< number of the run in the log
  bool resumed = false;                ///< the log held it already
  std::uint64_t trials = 0;            ///< finished ones in the log that count in this session
  std::uint64_t planned = 0;           ///< min(trials, space)
  Resume resume = Resume::kUnchanged;  ///< as it was asked for
  /// The last run of the same arguments, if something that it depends on has changed: `changes`
  /// says what. It is the resumed one, or it was left alone.
  std::optional<std::uint64_t> changed_since = {};
  std::vector<Change> changes = {};
  /// What the resumed run depended on was not recorded: it may have changed.
  bool dependencies_unknown = false;
};
/// What a user should know of it, in one line: "resuming run 2 of kernel.jsonl: 40 of 100 trials".
/// Empty for a new run in a log that held none of the same arguments.
std::string ToString(const RunStart& start);

/// Where a run stands, for progress displays. Called from the tuner's own thread.
struct TunerProgress {
  std::uint64_t finished = 0;
  std::uint64_t measured = 0;  ///< of them, those of this session; the others are from the log
  std::uint64_t planned = 0;   ///< min(trials, space)
  std::map<Outcome, std::uint64_t> outcomes;
  std::uint64_t builds = 0;              ///< without a run, those from the log included
  std::optional<Measurement> incumbent;  ///< the fastest correct one, the earliest of equals
  double elapsed_s = 0;                  ///< of this session
  std::optional<double> max_seconds;
  std::optional<FinalProgress> final = {};  ///< while the leaders are compared
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
std::string_view ToString(StopReason reason);

/// What came of tuning; the counts and sums include what was taken from the log.
struct TuneResult {
  StopReason stop = StopReason::kTrials;
  std::string conclusion;  ///< of the searcher (Searcher::Conclusion); empty unless kConcluded
  TunerProgress progress;
  std::uint64_t resumed = 0;  ///< trials taken from the log instead of measured
  /// Recorded as failed and not run again: started before a crash, or withdrawn too often.
  std::uint64_t skipped_unfinished = 0;
  double build_seconds = 0;  ///< sums over trials, by tier; those from the log included
  double run_seconds = 0;
  double search_build_seconds = 0;  ///< of the builds without a run; those from the log included
  std::uint64_t run = 0;            ///< number of the run in the log
  RunStart start = {};
  /// Names of dependencies that changed while the run was under way: its trials are of several
  /// versions of them.
  std::vector<std::string> changed_meanwhile = {};
  std::optional<std::string> repaired;  ///< what was cut off the log (LogContents::repaired)

  /// Where times are not exact: the configs that cannot be told apart, the best first. Their times
  /// are those of the final if there was one. Empty where times are exact or nothing was correct.
  std::vector<Measurement> tied;
  /// While nothing was correct: why the first trials failed, at most kFirstFailures that differ in
  /// more than their numbers, in the order of the trials. Empty once something was correct.
  std::vector<Failure> first_failures = {};
  static constexpr std::size_t kFirstFailures = 3;
  std::uint64_t final_rounds = 0;        ///< that the best one was in; 0: there was no final
  std::optional<Steadiness> steadiness;  ///< of the device in this session; nullopt: unknown

  /// The first of `tied`, or the incumbent.
  std::optional<Measurement> best() const {
    return tied.empty() ? progress.incumbent : std::optional(tied.front());
  }
};

/// A searcher of the caller's own. The name goes into the log, by which a run is found again:
/// another name for another searcher, and for other settings of one.
struct NamedSearcher {
  std::string name;
  std::unique_ptr<Searcher> searcher;  ///< new: it has proposed nothing yet; not null
  Dependencies dependencies = {};      ///< what its proposals depend on: a change is a new run
};

/// For callers that have nothing to interrupt a run with.
inline const std::atomic<bool> kNeverInterrupted = false;

/// Tunes one workload: propose, measure, log, observe, until a budget is spent, the space is
/// exhausted, the searcher expects nothing better or `interrupt` turns true (looked at between
/// candidates, and during one too when the task was prepared with an Env of MakeInterruptibleEnv;
/// everything measured by then is saved, and what was cut short is withdrawn). `on_progress` is
/// called after each measured batch, after each round of the leaders' comparison, and once at the
/// end.
///
/// Where times are not exact, the candidates are run again as `repeats` says, and at the end the
/// leaders are run in turns to tell which is fastest, of which the log keeps the times too.
///
/// Resumes by default: if the log at `log_path` holds a run with the same target, workload,
/// searcher, seed, batch size, timeout, verification, knowledge, earlier runs, parameters and
/// dependencies, its builds and trials are replayed into the searcher instead of done again; the
/// last such run if there are several. The budgets and `jobs` may differ: trials beyond `trials`
/// stay in the log and do not count. If such a run differs in its parameters or dependencies alone,
/// a new run begins in the same log (TunerOptions::resume). `on_start` is told what happens, before
/// anything else does. DataLoss when the log's trials are not those that the searcher proposes.
///
/// A config that was started and never finished is run again when the target's candidates cannot
/// harm the host or `retry_unfinished` says so; otherwise it is recorded as kRuntime ("the tuner
/// died while this config ran") and not tried again. So is one for which the infrastructure failed
/// kMostWithdrawals times, in this session or an earlier one; once is enough where the best
/// candidate still runs well. With a deterministic target the result is a function of target,
/// workload, searcher and options alone, unless time or an interrupt ends it.
///
/// Errors: InvalidArgument for an option out of range, NotFound for an unknown searcher,
/// Unavailable when another tuner has the log or the target failed for reasons of its own, and
/// those of the files. The log keeps what was measured; the same call goes on from there.
Result<TuneResult> Tune(
    const TargetTask& task, const std::string& target_name, std::string_view searcher,
    const TunerOptions& options, const std::string& log_path, Env& env = *Env::Default(),
    const std::function<void(const TunerProgress&)>& on_progress = [](const TunerProgress&) {},
    const std::atomic<bool>& interrupt = kNeverInterrupted,
    const std::function<void(const RunStart&)>& on_start = [](const RunStart&) {});
/// The same with a searcher of the caller's own, made for MakeSearchProblem(task, options.seed,
/// options.knowledge). Resuming asks it for the same proposals again, so it must be deterministic.
Result<TuneResult> Tune(
    const TargetTask& task, const std::string& target_name, NamedSearcher searcher,
    const TunerOptions& options, const std::string& log_path, Env& env = *Env::Default(),
    const std::function<void(const TunerProgress&)>& on_progress = [](const TunerProgress&) {},
    const std::atomic<bool>& interrupt = kNeverInterrupted,
    const std::function<void(const RunStart&)>& on_start = [](const RunStart&) {});

}  // namespace foothold
