// foothold tune: tunes each workload in turn into one log, with a progress line and a final table.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <span>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/any_log.h"
#include "cli/common/arguments.h"
#include "cli/common/figures.h"
#include "cli/common/files.h"
#include "cli/common/live_view.h"
#include "cli/common/network_argument.h"
#include "cli/common/output.h"
#include "cli/common/progress.h"
#include "cli/common/schedule.h"
#include "cli/common/table_options.h"
#include "cli/echo_env.h"
#include "cli/fleet.h"
#include "cli/tune_help.h"
#include "cli/tune_network.h"
#include "cli/tune_remarks.h"
#include "foothold/targets.h"
#include "foothold/tuner.h"
#include "tune/run_identity.h"
#include "tune/tuner_options.h"

namespace foothold::cli {
namespace {

struct TuneArguments {
  std::vector<std::string> workloads;
  std::string target = "vta:pynq";
  std::string searcher = "foothold";
  std::string log = "foothold.jsonl";
  std::vector<std::string> warm_start;  ///< logs to learn from
  TunerOptions options;
  bool names_trials = false;  ///< --trials was given
  FleetArguments fleet;
  std::string serve;    ///< where the live view listens; empty: there is none
  bool fresh = false;   ///< start a new run
  bool strict = false;  ///< a record of --warm-start that is wrong is an error
  bool json = false;
  bool quiet = false;    ///< neither progress nor remarks
  bool verbose = false;  ///< show the programs that the target runs
};

struct TunedWorkload {
  Workload workload;
  std::int64_t count = 1;  ///< how often its network runs it
  std::string network;     ///< empty when no ONNX file gave it
  TuneResult result;
  std::optional<Schedule> best;
  std::vector<Schedule> tied;  ///< with the best, which is the first; empty where times are exact
  /// Of a network's layer: with the schedule that the compiler takes without a log, where known.
  std::optional<double> default_s = {};
};

std::uint64_t Count(const TunerProgress& progress, Outcome outcome) {
  const auto found = progress.outcomes.find(outcome);
  return found == progress.outcomes.end() ? 0 : found->second;
}

std::string Remark(const TuneResult& result) {
  std::string remark;
  if (result.resumed > 0) remark += fmt::format(", {} resumed", result.resumed);
  if (result.stop != StopReason::kTrials) remark += fmt::format(" ({})", ToString(result.stop));
  return remark;
}

/// The last process died while writing: worth a word, not an error.
void PrintRepaired(const TuneResult& result) {
  if (result.repaired) PrintErr("foothold: note: {}\n", *result.repaired);
}

/// The options with what the log of this very run has to teach, where --warm-start names it: the
/// runs of other versions.
Result<TunerOptions> OptionsFor(const TuneArguments& arguments, const TargetTask& task, Env& env) {
  TunerOptions options = arguments.options;
  const auto& warm = arguments.warm_start;
  if (std::find(warm.begin(), warm.end(), arguments.log) == warm.end()) return options;
  if (!env.FileExists(arguments.log)) return options;
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents log, ReadLog(env, arguments.log));
  FOOTHOLD_ASSIGN_OR_RETURN(
      RunHeader header,
      tune::DescribeRun(task, arguments.target, arguments.searcher, arguments.options, env));
  AddDependency(arguments.fleet, header);
  for (EarlierRun& run : tune::RunsOfOtherVersions(log, header)) {
    options.earlier_runs.push_back(std::move(run));
  }
  return options;
}

Result<TuneRequest> RequestFor(const TuneArguments& arguments, const Workload& workload,
                               const TargetTask& task, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(TunerOptions options, OptionsFor(arguments, task, session.env));
  return TuneRequest{.task = task,
                     .target = arguments.target,
                     .searcher = {arguments.searcher},
                     .options = std::move(options),
                     .log = arguments.log,
                     .env = session.env,
                     .on_start =
                         [&arguments, &workload](const RunStart& start) {
                           if (!arguments.quiet) Announce(workload, start);
                         },
                     .interrupt = session.interrupt};
}

/// The schedules of a result, about which it says what there is to say.
Result<TunedWorkload> Describe(const TuneArguments& arguments, const CountedWorkload& counted,
                               const TargetTask& task, TuneResult result, const Session& session) {
  const Workload& workload = counted.workload;
  const auto schedule_of = [&](const Measurement& measurement) {
    return MakeSchedule(workload, arguments.target, task.space().parameters(), measurement, &task);
  };
  TunedWorkload tuned{counted.workload,  counted.count, counted.network,
                      std::move(result), std::nullopt,  {}};
  if (const auto best = tuned.result.best()) {
    FOOTHOLD_ASSIGN_OR_RETURN(tuned.best, schedule_of(*best));
  }
  for (const Measurement& measurement : tuned.result.tied) {
    FOOTHOLD_ASSIGN_OR_RETURN(Schedule schedule, schedule_of(measurement));
    tuned.tied.push_back(std::move(schedule));
  }
  PrintDemoted(workload, tuned.result);
  PrintFirstFailures(workload, tuned.result);
  if (!arguments.quiet) {
    FOOTHOLD_RETURN_IF_ERROR(PrintFailures(workload, tuned.result, arguments.log, session.env));
    PrintConclusion(workload, tuned.result);
  }
  WarnOfChanges(workload, tuned.result);
  WarnOfNoise(workload, tuned.result);
  return tuned;
}

Result<TunedWorkload> TuneOne(const TuneArguments& arguments, const CountedWorkload& counted,
                              const TargetTask& task, const Session& session,
                              ProgressDisplay& display) {
  const Workload& workload = counted.workload;
  FOOTHOLD_ASSIGN_OR_RETURN(TuneRequest request, RequestFor(arguments, workload, task, session));
  request.on_start = [&, announce = std::move(request.on_start)](const RunStart& start) {
    announce(start);
    display.Begin(workload);
  };
  request.on_progress = [&](const TunerProgress& progress) { display.Update(progress); };
  FOOTHOLD_ASSIGN_OR_RETURN(TuneResult result, TuneOn(arguments.fleet, std::move(request)));
  display.End(result.progress, Remark(result));
  PrintRepaired(result);
  return Describe(arguments, counted, task, std::move(result), session);
}

/// Trials of a network for each of its layers, unless --trials says how many in all.
constexpr std::uint64_t kTrialsOfLayer = 200;

/// Workloads and tasks [first, last) of one network, tuned with one budget.
Status TuneTogether(const TuneArguments& arguments, std::span<const CountedWorkload> layers,
                    std::span<const std::unique_ptr<TargetTask>> tasks, const Session& session,
                    LiveLine::Mode mode, std::vector<TunedWorkload>& all) {
  tune::NetworkRequest request{
      .make_ready = [&](std::size_t i) -> Result<tune::ReadyRun> {
        FOOTHOLD_ASSIGN_OR_RETURN(TuneRequest one,
                                  RequestFor(arguments, layers[i].workload, *tasks[i], session));
        return MakeReadyOn(arguments.fleet, std::move(one));
      },
      .log = arguments.log,
      .trials = arguments.names_trials ? arguments.options.trials : kTrialsOfLayer * layers.size(),
      .max_seconds = arguments.options.max_seconds,
      .env = session.env,
      .interrupt = session.interrupt};
  FOOTHOLD_ASSIGN_OR_RETURN(tune::NetworkResult result,
                            TuneLayers(layers, std::move(request), mode));
  PrintRepaired(result.tasks.front());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(TunedWorkload tuned, Describe(arguments, layers[i], *tasks[i],
                                                            std::move(result.tasks[i]), session));
    tuned.default_s = DefaultSeconds(layers[i].workload, arguments.target, session.env);
    all.push_back(std::move(tuned));
  }
  return {};
}

/// How long one run of a network spends in the layers that were tuned.
struct NetworkTime {
  std::string name;
  std::int64_t layers = 0;  ///< each as often as it runs
  std::int64_t different = 0;
  double seconds = 0;
  std::vector<std::string> without;  ///< layers for which nothing correct was found
  std::vector<LayerTime> times;      ///< of several layers; empty where none has a default
};

std::vector<NetworkTime> TimesOfNetworks(const std::vector<TunedWorkload>& all) {
  std::vector<NetworkTime> times;
  for (const TunedWorkload& tuned : all) {
    if (tuned.network.empty()) continue;
    if (times.empty() || times.back().name != tuned.network) times.emplace_back();
    NetworkTime& time = times.back();
    time.name = tuned.network;
    time.layers += tuned.count;
    ++time.different;
    if (tuned.best) time.seconds += static_cast<double>(tuned.count) * tuned.best->seconds;
    if (!tuned.best) time.without.push_back(tuned.workload.name);
    time.times.push_back({tuned.workload.name, tuned.count, tuned.default_s,
                          tuned.best ? std::optional(tuned.best->seconds) : std::nullopt});
  }
  for (NetworkTime& time : times) {
    const auto is_known = [](const LayerTime& layer) { return layer.default_s.has_value(); };
    if (std::none_of(time.times.begin(), time.times.end(), is_known)) time.times.clear();
  }
  return times;
}

std::string ToText(const NetworkTime& time) {
  std::string text = fmt::format("{}: {} ms in {} layers, {} different", time.name,
                                 Milliseconds(time.seconds), time.layers, time.different);
  if (!time.without.empty()) text += ", without " + base::Joined(time.without, ", ");
  return text + "\n";
}

void PrintTable(const std::vector<TunedWorkload>& all) {
  std::vector<ScheduleRow> rows;
  for (const TunedWorkload& tuned : all) {
    const TunerProgress& progress = tuned.result.progress;
    rows.push_back(
        {tuned.workload, tuned.best, Count(progress, Outcome::kCorrect), progress.finished});
  }
  PrintOut("{}", ScheduleTable(rows));
  for (const TunedWorkload& tuned : all) PrintOut("{}", TiedText(tuned.workload, tuned.tied));
  for (const NetworkTime& network : TimesOfNetworks(all)) {
    if (!network.times.empty()) PrintOut("\n{}", TimesTable(network.times));
    PrintOut("{}", ToText(network));
  }
}

/// What Announce says.
base::Json ToJson(const RunStart& start) {
  base::Json json = {{"run", start.run},
                     {"resumed", start.resumed},
                     {"trials", start.trials},
                     {"planned", start.planned},
                     {"changed_since", start.changed_since},
                     {"changes", base::Json::Array()},
                     {"dependencies_unknown", start.dependencies_unknown}};
  for (const Change& change : start.changes) {
    json["changes"].push_back(
        {{"name", change.name}, {"before", change.before}, {"after", change.after}});
  }
  return json;
}

base::Json ToJson(const TunedWorkload& tuned) {
  const TuneResult& result = tuned.result;
  base::Json outcomes = base::Json::Object();
  for (const auto& [outcome, count] : result.progress.outcomes) {
    outcomes[std::string(ToString(outcome))] = count;
  }
  base::Json json = {{"workload", tuned.workload.name},
                     {"start", ToJson(result.start)},
                     {"trials", result.progress.finished},
                     {"resumed", result.resumed},
                     {"stop", ToString(result.stop)},
                     {"conclusion", result.conclusion},
                     {"outcomes", outcomes},
                     {"elapsed_seconds", result.progress.elapsed_s},
                     {"builds", result.progress.builds},
                     {"search_build_seconds", result.search_build_seconds},
                     {"build_seconds", result.build_seconds},
                     {"run_seconds", result.run_seconds},
                     {"changed_meanwhile", result.changed_meanwhile},
                     {"best", nullptr}};
  if (!tuned.network.empty()) json["count"] = tuned.count;
  if (tuned.default_s) json["default_seconds"] = *tuned.default_s;
  if (tuned.best) json["best"] = ToJson(*tuned.best);
  if (!result.first_failures.empty()) {
    json["first_failures"] = base::Json::Array();
    for (const Failure& failure : result.first_failures) {
      json["first_failures"].push_back({{"outcome", ToString(failure.outcome)},
                                        {"stage", failure.stage},
                                        {"reason", failure.reason}});
    }
  }
  for (const DemotedRecord& demoted : result.demoted) {
    json["demoted"].push_back({{"trial", demoted.trial}, {"reason", ToString(demoted.failure)}});
  }
  if (!tuned.tied.empty()) {
    json["final_rounds"] = result.final_rounds;
    json["tied"] = base::Json::Array();
    for (const Schedule& schedule : tuned.tied) json["tied"].push_back(ToJson(schedule));
  }
  if (result.steadiness) {
    json["steadiness"] = {{"runs", result.steadiness->runs},
                          {"spread", result.steadiness->spread},
                          {"slowest", result.steadiness->slowest},
                          {"noisy", result.steadiness->is_noisy()}};
  }
  return json;
}

void PrintJson(const TuneArguments& arguments, const std::vector<TunedWorkload>& all) {
  base::Json results = base::Json::Array();
  for (const TunedWorkload& tuned : all) results.push_back(ToJson(tuned));
  base::Json json = {{"target", arguments.target},
                     {"searcher", arguments.searcher},
                     {"seed", arguments.options.seed},
                     {"log", arguments.log},
                     {"results", results}};
  for (const NetworkTime& time : TimesOfNetworks(all)) {
    json["networks"].push_back({{"name", time.name},
                                {"layers", time.layers},
                                {"different", time.different},
                                {"seconds", time.seconds},
                                {"without", time.without}});
  }
  PrintOut("{}\n", json.Dump(2));
}

/// What is tuned: workloads[i] is tasks[i]'s.
struct Prepared {
  std::vector<CountedWorkload> workloads;
  std::vector<std::unique_ptr<TargetTask>> tasks;
};

// Each workload's task, so that a workload the target cannot take is known before any time is
// spent. A layer of a network that it cannot take is left out, and said.
Result<Prepared> PrepareAll(const Target& target, const std::vector<CountedWorkload>& workloads) {
  Prepared prepared;
  for (const CountedWorkload& counted : workloads) {
    auto task = target.Prepare(counted.workload);
    const bool is_left_out = !task.ok() && !counted.network.empty() &&
                             task.status().code() == StatusCode::kInvalidArgument;
    if (is_left_out) {
      PrintErr("foothold: note: left out: {}\n", task.status().message());
      continue;
    }
    if (!task.ok()) return task.status();
    prepared.workloads.push_back(counted);
    prepared.tasks.push_back(std::move(task).value());
  }
  if (!prepared.tasks.empty()) return prepared;
  return Status::InvalidArgument(target.name() + " takes none of the network's layers");
}

/// Behind the layers of the network whose first is the one at `first`; `first` + 1 when that is no
/// layer of an ONNX file.
std::size_t EndOfNetwork(const std::vector<CountedWorkload>& workloads, std::size_t first) {
  std::size_t end = first + 1;
  const std::string& network = workloads[first].network;
  while (!network.empty() && end < workloads.size() && workloads[end].network == network) ++end;
  return end;
}

/// The only searcher that learns from earlier runs.
constexpr const char* kWarmSearcher = "foothold";

/// The runs of the logs named, oldest first.
Result<std::vector<EarlierRun>> ReadEarlierRuns(const TuneArguments& arguments, Env& env) {
  if (!arguments.warm_start.empty() && arguments.searcher != kWarmSearcher) {
    return Status::InvalidArgument(
        fmt::format("--warm-start: searcher {} does not learn from earlier runs, {} does",
                    arguments.searcher, kWarmSearcher));
  }
  std::vector<EarlierRun> runs;
  for (const std::string& path : arguments.warm_start) {
    // OptionsFor chooses among its runs.
    if (path == arguments.log || IsSameFile(env, path, arguments.log)) continue;
    FOOTHOLD_ASSIGN_OR_RETURN(const LogContents log,
                              ReadLogAndSayWhatIsLost(env, path, BadRecordsOf(arguments.strict)));
    std::vector<EarlierRun> found = EarlierRunsOf(log);
    std::size_t trials = 0;
    for (const EarlierRun& run : found) trials += run.trials.size();
    PrintErr("foothold: {}: {} trials of {} runs to learn from\n", path, trials, found.size());
    for (EarlierRun& run : found) runs.push_back(std::move(run));
  }
  return runs;
}

Result<ExitCode> RunTune(TuneArguments arguments, const Session& session) {
  if (arguments.fresh) arguments.options.resume = Resume::kNever;
  FOOTHOLD_ASSIGN_OR_RETURN(arguments.options.earlier_runs,
                            ReadEarlierRuns(arguments, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveForTarget(arguments.workloads, arguments.target, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const Prepared prepared, PrepareAll(*target, workloads));
  const auto& tasks = prepared.tasks;

  std::unique_ptr<LiveView> live;
  if (!arguments.serve.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(live, LiveView::Start(arguments.serve, arguments.log,
                                                    arguments.target, tasks, session.env));
    PrintErr("foothold: live view at {} until this command ends\n", live->url());
  }

  const auto mode = arguments.json || arguments.quiet ? ProgressDisplay::Mode::kSilent
                                                      : ProgressDisplay::ModeFor(stderr);
  ProgressDisplay display(mode, stderr, session.env);
  std::vector<TunedWorkload> all;
  for (std::size_t i = 0; i < tasks.size() && !session.interrupt;) {
    const std::size_t end = EndOfNetwork(prepared.workloads, i);
    if (end - i == 1) {
      FOOTHOLD_ASSIGN_OR_RETURN(TunedWorkload tuned, TuneOne(arguments, prepared.workloads[i],
                                                             *tasks[i], session, display));
      all.push_back(std::move(tuned));
    } else {
      FOOTHOLD_RETURN_IF_ERROR(
          TuneTogether(arguments, std::span(prepared.workloads).subspan(i, end - i),
                       std::span(tasks).subspan(i, end - i), session, mode, all));
    }
    i = end;
  }
  if (arguments.json) PrintJson(arguments, all);
  if (!arguments.json) PrintTable(all);

  if (session.interrupt) {
    PrintErr("foothold: interrupted; the same command resumes from {}\n", arguments.log);
    return ExitCode::kInterrupted;
  }
  const bool found =
      std::all_of(all.begin(), all.end(), [](const auto& t) { return t.best.has_value(); });
  return found ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddTune(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<TuneArguments>();
  CLI::App* tune = app.add_subcommand("tune", "Find the fastest schedules of workloads");
  tune->footer(kTuneFooter);
  tune->add_option("WORKLOAD", arguments->workloads, "What to tune")->required();
  tune->add_option("--target", arguments->target, "Target; see foothold list targets")
      ->capture_default_str();
  tune->add_option("--searcher", arguments->searcher, "Searcher; see foothold list searchers")
      ->capture_default_str();
  AddTableOptions(*tune, tune::TunerOptionsTable(), &arguments->options);
  AddTableOptions(*tune, measure::DeviceOptionsTable(), &arguments->options.device, "Real devices");
  AddTableOptions(*tune, measure::RepeatOptionsTable(), &arguments->options.repeats,
                  "Repeats (where times are not exact)");
  tune->add_option("--log", arguments->log, "Record log: read to resume, appended to")
      ->capture_default_str();
  tune->add_option("--warm-start", arguments->warm_start,
                   "Logs of other workloads, boards or runs to learn from before the first trial "
                   "(by the searcher foothold); of --log itself the runs over what has changed "
                   "since; also results of AutoTVM, T4, Kernel Tuner or KTT; may be repeated")
      ->type_name("LOG")
      ->allow_extra_args(false);
  tune->add_option("--depends", arguments->options.depends,
                   "File or directory on which results depend beside those that the target knows; "
                   "may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  tune->add_flag("--strict", arguments->strict, kStrictHelp);
  tune->add_flag("--fresh", arguments->fresh, "Start a new run in the log: --resume=never");
  AddFleetOptions(*tune, &arguments->fleet);
  tune->add_flag("--serve{8470}", arguments->serve,
                 "Serve the report of the log over HTTP while this command runs: --serve, "
                 "--serve=PORT (0: any free one) or --serve=ADDRESS:PORT; on this machine only "
                 "unless ADDRESS says otherwise");
  tune->add_flag("--json", arguments->json, "Print one JSON object; no progress");
  tune->add_flag("-q,--quiet", arguments->quiet,
                 "No progress and no remarks: results, warnings and errors only");
  tune->add_flag("-v,--verbose", arguments->verbose,
                 "Show the programs that the target runs and what they print")
      ->excludes("--quiet");
  const CLI::Option* trials = tune->get_option("--trials");
  tune->callback([arguments, trials, &chosen] {
    arguments->names_trials = trials->count() > 0;
    chosen = [arguments](const Session& session) -> Result<ExitCode> {
      if (!arguments->verbose) return RunTune(*arguments, session);
      const auto echo = MakeEchoEnv(session.env);
      return RunTune(*arguments, {*echo, session.interrupt});
    };
  });
}

}  // namespace foothold::cli
