#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/earlier_run.h"
#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// What a run improves where that is not the time of candidates in seconds. Each correct trial has
/// its value among its metrics, by `name`. Its `seconds` are then a positive number that falls as
/// the value gets better, so that trials compare by it, and no time.
struct Objective {
  std::string name;       ///< "accuracy"; not empty
  std::string unit = {};  ///< "%"; may be empty
  bool maximise = false;

  friend bool operator==(const Objective&, const Objective&) = default;
};

/// Everything needed to repeat a tuning run. The first line of each run in a log.
struct RunHeader {
  std::string foothold_version;
  std::string target;  ///< Target::name()
  Workload workload;
  std::string searcher;
  std::uint64_t seed = 0;
  /// Those that change the sequence of proposals, by name.
  std::map<std::string, std::string> options;
  /// Host, CPU, kernel, compiler: context, never compared.
  std::map<std::string, std::string> machine;
  std::vector<Parameter> parameters;  ///< of the space, in order
  double wall_clock = 0;              ///< seconds since 1970
  Metrics device_numbers = {};        ///< TaskTraits::device_numbers; never compared
  /// What its results depend on: the task's dependencies, the space's constraints, the host, and
  /// what the user named. nullopt in logs of versions that did not record it.
  std::optional<Dependencies> dependencies = {};
  std::optional<Objective> objective = {};  ///< nullopt: seconds, the fewer the better
};

/// A dependency or parameter that has changed since a run was recorded.
struct Change {
  std::string name;    ///< "dense.cl", "parameter tile"
  std::string before;  ///< empty: it is new
  std::string after;   ///< empty: it is gone
};
/// "dense.cl (sha256 ab12cd34 -> 56ef7890)", "parameter unroll (new)".
FOOTHOLD_EXPORT std::string ToString(const Change& change);

/// Written and flushed before a config runs. So a config that takes the machine down is known after
/// the restart.
struct StartedRecord {
  std::uint64_t trial = 0;  ///< 0, 1, 2, ... within the run
  Config config;
};

/// Why a trial was withdrawn, as far as that may be due to its config.
enum class WithdrawalCause : std::uint8_t {
  kOther,           ///< by no fault of the config: the user's wish, or another trial's failure
  kInfrastructure,  ///< what should build or run it failed, and may have failed because of it
  kSignal,          ///< a signal ended the run, and its sender, which may be a candidate, is gone
};

/// A trial that was announced and not run to its end. It counts as never started. A trial that was
/// withdrawn kMostWithdrawals times for a cause that may be its config is not tried again.
struct WithdrawnRecord {
  std::uint64_t trial = 0;
  WithdrawalCause cause = WithdrawalCause::kOther;
};
inline constexpr std::size_t kMostWithdrawals = 2;

/// A finished trial.
struct TrialRecord {
  std::uint64_t trial = 0;
  Measurement measurement;
  double wall_clock = 0;
};

/// A build without a run, asked for by a searcher.
struct BuildRecord {
  std::uint64_t build = 0;  ///< 0, 1, 2, ... within the run
  BuildReport report;
  double wall_clock = 0;
};

/// A trial that was correct, and whose config was later found not to be: it failed when it was run
/// again, and another candidate did not.
struct DemotedRecord {
  std::uint64_t trial = 0;
  std::uint64_t found_at = 0;  ///< the trial that was under way then, or was to be next
  Failure failure;
  double wall_clock = 0;
};
/// What was taken back of a trial.
struct Demotion {
  DemotedRecord record;
  Measurement measured;  ///< the correct measurement that the trial had
};

/// Leaders of a run, told apart by running them in turns (docs/concepts/measuring.md).
struct FinalRecord {
  /// A leader, and how it did.
  struct Finalist {
    std::uint64_t trial = 0;
    bool tied = false;            ///< cannot be told from the best
    std::vector<double> seconds;  ///< one for each round; not empty
  };
  std::uint64_t trials = 0;         ///< finished trials of the run when it was made
  std::vector<Finalist> finalists;  ///< not empty; the best first, which is tied
  double wall_clock = 0;
};

/// One run as read back from a log: its header, its finished trials (0, 1, 2, ...), the configs
/// that were started and neither finished nor withdrawn, by trial, its builds (0, 1, 2, ...), and
/// the configs that were withdrawn and not started again since, by trial, and its finals. Trials
/// and finals are as known at the end: a demoted trial has its failure, and is no finalist.
struct RunLog {
  std::uint64_t run = 1;  ///< number of the run in its file, from 1
  RunHeader header;
  std::vector<TrialRecord> trials;
  std::vector<StartedRecord> unfinished;
  std::vector<BuildRecord> builds;
  std::vector<StartedRecord> withdrawn = {};
  std::vector<FinalRecord> finals = {};
  /// The causes other than kOther for which trials without a result were withdrawn, in order, by
  /// trial.
  std::map<std::uint64_t, std::vector<WithdrawalCause>> withdrawal_causes = {};
  std::vector<Demotion> demotions = {};  ///< in the order in which they were found
};

/// Lines of a log that are not as a tuner writes them: changed, cut, out of order, or of two
/// tuners at once.
struct DamagedLines {
  std::uint64_t first = 0;  ///< number of the first line, from 1
  std::uint64_t last = 0;   ///< of the last of several in a row
  std::string problem;      ///< of the first: "tune.jsonl:17: trial: is 2, must be 3, ..."
  /// What it says could be read, and stands in a run of its own, as it does not fit into its run.
  bool salvaged = false;
};

/// What reading a log found. One line that is wrong never costs the others. `repaired` is set when
/// the file ended in a torn line, which is dropped from `runs`.
struct LogContents {
  std::vector<RunLog> runs;
  std::optional<std::string> repaired;  ///< "tune.jsonl:17: torn last line (213 bytes) ignored"
  std::uint64_t intact_bytes = 0;       ///< length of the prefix that is whole
  /// In the order of the file; of many in a row only the first is described. Where there are any,
  /// runs are numbered in their order, trials that cannot follow their run's others are in a run of
  /// their own with the option "salvaged", and started trials without an end count as withdrawn.
  std::vector<DamagedLines> damaged = {};
};

/// One line about `log.damaged`, with what to do: "tune.jsonl:17: ...; and 2 more lines ...".
/// nullopt when there is none. `path` is the log's.
FOOTHOLD_EXPORT std::optional<std::string> DescribeDamage(const LogContents& log,
                                                          std::string_view path);

/// Reads Foothold's record log (docs/formats/record-log.md): JSON Lines, versions 1 and 2. A last
/// line without its newline, or that is not JSON, is torn; anything else that is wrong with a line
/// makes it damaged. InvalidArgument when no line begins a run, as in files of other kinds, and
/// for a version that this Foothold does not know.
FOOTHOLD_EXPORT Result<LogContents> ReadLog(Env& env, const std::string& path);
FOOTHOLD_EXPORT Result<LogContents> ParseLog(std::string_view text, std::string_view path);

/// All of `log` as lines of the format, each run's together.
FOOTHOLD_EXPORT std::string ToJsonLines(const LogContents& log);

/// What RepairLog did.
struct RepairedLog {
  LogContents contents;  ///< what was salvaged; `damaged` and `repaired` say what is wrong
  std::string written_to;
  std::string original;  ///< where the damaged log is kept; empty: it was left where it was
};
/// Writes what can be read of the log `path` to `out`, as a log that can be resumed; when `out` is
/// empty, to `path` itself, with the damaged log kept beside it as PATH.damaged-N. A log that needs
/// no repair is left alone: `written_to` is empty then. Errors are those of ReadLog and of the
/// files; Unavailable while a tuner writes to the log.
FOOTHOLD_EXPORT Result<RepairedLog> RepairLog(Env& env, const std::string& path,
                                              const std::string& out);

/// The runs of a log as a searcher learns from them; those without a finished trial or build are
/// left out.
FOOTHOLD_EXPORT std::vector<EarlierRun> EarlierRunsOf(const LogContents& log);

/// The lines of the format, for dump and golden tests; no trailing newline. `run` is the number of
/// the run in its file. REQUIRES: configs fit `parameters`; numbers are finite.
FOOTHOLD_EXPORT std::string ToJsonLine(const RunHeader& header, std::uint64_t run);
FOOTHOLD_EXPORT std::string ToJsonLine(const StartedRecord& record, std::uint64_t run,
                                       const std::vector<Parameter>& parameters);
FOOTHOLD_EXPORT std::string ToJsonLine(const WithdrawnRecord& record, std::uint64_t run);
FOOTHOLD_EXPORT std::string ToJsonLine(const TrialRecord& record, std::uint64_t run,
                                       const std::vector<Parameter>& parameters);
FOOTHOLD_EXPORT std::string ToJsonLine(const BuildRecord& record, std::uint64_t run,
                                       const std::vector<Parameter>& parameters);
FOOTHOLD_EXPORT std::string ToJsonLine(const DemotedRecord& record, std::uint64_t run);
FOOTHOLD_EXPORT std::string ToJsonLine(const FinalRecord& record, std::uint64_t run);

}  // namespace foothold
