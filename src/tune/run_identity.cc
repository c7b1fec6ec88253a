#include "tune/run_identity.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "foothold/version.h"
#include "records/log/changes.h"
#include "tune/machine.h"
#include "tune/run_dependencies.h"
#include "tune/tuner_options.h"

namespace foothold::tune {
namespace {

/// Which runs a searcher was given to learn from: other ones make other trials.
std::string Fingerprint(const std::vector<EarlierRun>& runs) {
  std::size_t trials = 0, builds = 0;
  std::string text;
  for (const EarlierRun& run : runs) {
    trials += run.trials.size();
    builds += run.builds.size();
    text += fmt::format("{} {}\n", run.target, ToInline(run.workload));
    for (const Measurement& trial : run.trials) {
      text += fmt::format("{} {} {}\n", fmt::join(trial.config.choices, ","),
                          ToString(trial.outcome()), fmt::join(trial.seconds, ","));
    }
    for (const BuildReport& build : run.builds) {
      text += fmt::format("{} {}\n", fmt::join(build.config.choices, ","), build.ok());
    }
  }
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  return fmt::format("{} trials and {} builds of {} runs, crc32 {:08x}", trials, builds,
                     runs.size(), crc32_z(0, bytes, text.size()));
}

bool IsCorrect(const TrialRecord& trial) {
  return trial.measurement.outcome() == Outcome::kCorrect;
}

/// What makes the run another one than `header` describes. A file that was not there and is there
/// now was made by the run's candidates, if one of them was correct without it; if none was, it is
/// what they lacked.
std::vector<Change> ChangesSince(const RunLog& run, const RunHeader& header) {
  std::vector<Change> changes = records::ChangesBetween(run.header, header);
  if (std::any_of(run.trials.begin(), run.trials.end(), IsCorrect)) return changes;
  for (Change& change : records::AppearedSince(run.header, header))
    changes.push_back(std::move(change));
  return changes;
}

/// The last run that `header` repeats in all that it depends on.
std::optional<std::size_t> LastUnchanged(const LogContents& log, const RunHeader& header) {
  for (std::size_t i = log.runs.size(); i > 0; --i) {
    const RunHeader& logged = log.runs[i - 1].header;
    const bool is_known = logged.dependencies.has_value() == header.dependencies.has_value();
    const bool is_same = is_known && records::SameArguments(logged, header) &&
                         logged.parameters == header.parameters &&
                         ChangesSince(log.runs[i - 1], header).empty();
    if (is_same) return i - 1;
  }
  return std::nullopt;
}

std::optional<std::size_t> LastOfSameArguments(const LogContents& log, const RunHeader& header) {
  for (std::size_t i = log.runs.size(); i > 0; --i) {
    if (records::SameArguments(log.runs[i - 1].header, header)) return i - 1;
  }
  return std::nullopt;
}

}  // namespace

Result<RunHeader> DescribeRun(const TargetTask& task, const std::string& target_name,
                              std::string_view searcher, const TunerOptions& options, Env& env) {
  RunHeader header;
  header.foothold_version = FOOTHOLD_VERSION;
  header.target = target_name;
  header.workload = task.workload();
  header.searcher = searcher;
  header.seed = options.seed;
  for (const base::Option& option : TunerOptionsTable().options()) {
    const bool has_field_of_its_own = option.name() == "seed";
    if (option.identifies_run() && !has_field_of_its_own) {
      header.options[option.name()] = option.Text(&options);
    }
  }
  if (!options.earlier_runs.empty()) {
    header.options["earlier_runs"] = Fingerprint(options.earlier_runs);
  }
  header.machine = DescribeMachine(env);
  FOOTHOLD_ASSIGN_OR_RETURN(header.dependencies,
                            DependenciesOf(task, options, header.machine, env));
  header.machine.insert(task.traits().context.begin(), task.traits().context.end());
  header.device_numbers = task.traits().device_numbers;
  header.parameters = task.space().parameters();
  header.wall_clock = env.WallClockSeconds();
  return header;
}

Result<FoundRun> FindRun(const LogContents& log, const std::string& path, const RunHeader& header,
                         Resume resume) {
  FoundRun found;
  if (resume == Resume::kNever) return found;
  found.index = LastUnchanged(log, header);
  const std::optional<std::size_t> last = LastOfSameArguments(log, header);
  const bool ignore = resume == Resume::kIgnoreChanges;
  // Whoever asks for changes to be ignored wants the run that was last under way.
  if (!last || found.index == last || (found.index && !ignore)) return found;
  const RunLog& run = log.runs[*last];
  found.changes = ChangesSince(run, header);
  if (!found.changes.empty()) found.changed_since = last;
  if (ignore && run.header.parameters != header.parameters) {
    return Status::InvalidArgument(fmt::format(
        "{}: run {} cannot be continued over another space: {}; leave out --resume=ignore-changes",
        path, run.run, records::ListOf(found.changes)));
  }
  found.index.reset();
  if (ignore || found.changes.empty()) found.index = last;
  return found;
}

std::vector<EarlierRun> RunsOfOtherVersions(const LogContents& log, const RunHeader& header) {
  LogContents others;
  for (const RunLog& run : log.runs) {
    const bool is_same_problem =
        run.header.target == header.target && run.header.workload == header.workload;
    const bool is_known = run.header.dependencies.has_value() == header.dependencies.has_value();
    const bool is_same_version =
        is_known && run.header.parameters == header.parameters && ChangesSince(run, header).empty();
    if (is_same_problem && !is_same_version) others.runs.push_back(run);
  }
  return EarlierRunsOf(others);
}

std::vector<std::string> ChangedMeanwhile(const TargetTask& task, const RunHeader& header,
                                          const TunerOptions& options, Env& env) {
  if (!header.dependencies) return {};
  RunHeader now = header;
  const Result<Dependencies> dependencies = DependenciesOf(task, options, header.machine, env);
  if (!dependencies.ok()) return {dependencies.status().message()};
  // The searcher's own are not the task's to say.
  for (const auto& [name, value] : *dependencies) (*now.dependencies)[name] = value;
  std::vector<std::string> names;
  for (const Change& change : records::ChangesBetween(header, now)) names.push_back(change.name);
  return names;
}

}  // namespace foothold::tune
