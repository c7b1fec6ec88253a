// foothold explore: finds out what becomes of every config of each workload, one file each.
#include "foothold/explore.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json.h"
#include "base/table.h"
#include "cli/commands.h"
#include "cli/common/figures.h"
#include "cli/common/live_line.h"
#include "cli/common/network_argument.h"
#include "cli/common/output.h"
#include "cli/common/progress.h"
#include "cli/common/table_options.h"
#include "foothold/targets.h"
#include "tune/explore_options.h"

namespace foothold::cli {
namespace {

constexpr const char* kExploreFooter =
    R"(Builds and runs every config and writes the outcomes to a file, WORKLOAD@TARGET.explored: the ground truth by
which searchers are judged. The target replay:FILE answers from it. WORKLOAD is as in foothold tune.

The same command resumes an unfinished file. Ctrl-C stops; at most the current block of configs is lost.

Example: all of a layer, then a tuning run on what is known of it
  foothold explore resnet18.C8 --target vta:pynq --output c8.explored
  foothold tune resnet18.C8 --target replay:c8.explored --log c8.jsonl)";

struct ExploreArguments {
  std::vector<std::string> workloads;
  std::string target = "vta:pynq";
  std::string output_dir = ".";
  std::string output;
  ExploreOptions options;
  bool json = false;
};

struct ExploredWorkload {
  Workload workload;
  std::string path;
  double peak = 0;  // operations per second; 0 when unknown
  ExploreResult result;
};

std::string PathFor(const ExploreArguments& arguments, const Workload& workload) {
  if (!arguments.output.empty()) return arguments.output;
  const std::string name = GroundTruthFileName(workload, arguments.target);
  return arguments.output_dir == "." ? name : arguments.output_dir + "/" + name;
}

std::string Remark(const ExploreResult& result) {
  std::string remark;
  if (result.progress.resumed > 0) remark += fmt::format(", {} resumed", result.progress.resumed);
  if (result.finished) remark += fmt::format(", {} verified", result.verified);
  if (!result.finished) remark += " (interrupted)";
  return remark;
}

Result<ExploredWorkload> ExploreOne(const ExploreArguments& arguments, const TargetTask& task,
                                    const Session& session, LiveLine& line) {
  const Workload& workload = task.workload();
  const std::string path = PathFor(arguments, workload);
  line.Begin();
  FOOTHOLD_ASSIGN_OR_RETURN(ExploreResult result,
                            Explore(
                                task, arguments.target, path, arguments.options, session.env,
                                [&](const ExploreProgress& progress) {
                                  line.Update([&] { return ProgressLine(workload, progress); });
                                },
                                session.interrupt));
  line.End(ProgressLine(workload, result.progress) + Remark(result));
  // The last process died while writing: worth a word, not an error.
  if (result.repaired) PrintErr("foothold: note: {}\n", *result.repaired);
  return ExploredWorkload{workload, path, task.traits().peak_operations_per_second,
                          std::move(result)};
}

std::optional<double> OperationsPerSecond(const ExploredWorkload& explored) {
  const auto seconds = explored.result.progress.best_seconds;
  if (!seconds) return std::nullopt;
  return static_cast<double>(OperationCount(explored.workload)) / *seconds;
}

std::optional<double> ShareOfPeak(const ExploredWorkload& explored) {
  const auto per_second = OperationsPerSecond(explored);
  if (!per_second || explored.peak <= 0) return std::nullopt;
  return *per_second / explored.peak;
}

void PrintTable(const std::vector<ExploredWorkload>& all) {
  using Align = base::Table::Align;
  base::Table table({{"layer"},
                     {"configs", Align::kRight},
                     {"correct", Align::kRight},
                     {"share", Align::kRight},
                     {"best ms", Align::kRight},
                     {"GOPS", Align::kRight},
                     {"of peak", Align::kRight},
                     {"file"}});
  for (const ExploredWorkload& explored : all) {
    const ExploreProgress& progress = explored.result.progress;
    std::optional<double> share;
    if (progress.done > 0) {
      share = static_cast<double>(progress.valid()) / static_cast<double>(progress.done);
    }
    const auto per_second = OperationsPerSecond(explored);
    table.AddRow({explored.workload.name,
                  explored.result.finished ? std::to_string(progress.done)
                                           : fmt::format("{}/{}", progress.done, progress.total),
                  std::to_string(progress.valid()), Percent(share),
                  per_second ? Milliseconds(*progress.best_seconds) : "-",
                  per_second ? Gops(*per_second / 1e9) : "-", Percent(ShareOfPeak(explored)),
                  explored.path});
  }
  PrintOut("{}", table.ToText());
}

base::Json ToJson(const ExploredWorkload& explored) {
  const ExploreProgress& progress = explored.result.progress;
  base::Json outcomes = base::Json::Object();
  for (const auto& [outcome, count] : progress.outcomes) {
    outcomes[std::string(ToString(outcome))] = count;
  }
  base::Json json = {{"workload", explored.workload.name},
                     {"file", explored.path},
                     {"finished", explored.result.finished},
                     {"configs", progress.total},
                     {"explored", progress.done},
                     {"resumed", progress.resumed},
                     {"verified", explored.result.verified},
                     {"outcomes", outcomes},
                     {"elapsed_seconds", progress.elapsed_s},
                     {"best_seconds", nullptr}};
  if (progress.best_seconds) json["best_seconds"] = *progress.best_seconds;
  if (const auto share = ShareOfPeak(explored)) json["best_share_of_peak"] = *share;
  return json;
}

void PrintJson(const ExploreArguments& arguments, const std::vector<ExploredWorkload>& all) {
  base::Json results = base::Json::Array();
  for (const ExploredWorkload& explored : all) results.push_back(ToJson(explored));
  const base::Json json = {{"target", arguments.target}, {"results", results}};
  PrintOut("{}\n", json.Dump(2));
}

// Each workload's task, so that a workload the target cannot take is known before any time is
// spent.
Result<std::vector<std::unique_ptr<TargetTask>>> PrepareAll(const ExploreArguments& arguments,
                                                            Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveForTarget(arguments.workloads, arguments.target, env));
  if (!arguments.output.empty() && workloads.size() != 1) {
    return Status::InvalidArgument(
        fmt::format("--output names the file of one workload, there are {}: use --output-dir",
                    workloads.size()));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(env, arguments.target));
  std::vector<std::unique_ptr<TargetTask>> tasks;
  for (const auto& [workload, count, network] : workloads) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<TargetTask> task, target->Prepare(workload));
    tasks.push_back(std::move(task));
  }
  return tasks;
}

Result<ExitCode> RunExplore(const ExploreArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto tasks, PrepareAll(arguments, session.env));
  if (arguments.output.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(session.env.CreateDirectories(arguments.output_dir));
  }
  LiveLine line(arguments.json ? LiveLine::Mode::kSilent : LiveLine::ModeFor(stderr), stderr,
                session.env);
  std::vector<ExploredWorkload> all;
  for (std::size_t i = 0; i < tasks.size() && !session.interrupt; ++i) {
    FOOTHOLD_ASSIGN_OR_RETURN(ExploredWorkload explored,
                              ExploreOne(arguments, *tasks[i], session, line));
    all.push_back(std::move(explored));
  }
  if (arguments.json) PrintJson(arguments, all);
  if (!arguments.json) PrintTable(all);

  const bool finished = all.size() == tasks.size() &&
                        std::all_of(all.begin(), all.end(),
                                    [](const ExploredWorkload& e) { return e.result.finished; });
  if (!finished) {
    PrintErr("foothold: interrupted; the same command resumes\n");
    return ExitCode::kInterrupted;
  }
  const bool found = std::all_of(all.begin(), all.end(), [](const ExploredWorkload& e) {
    return e.result.progress.best_seconds.has_value();
  });
  return found ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddExplore(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ExploreArguments>();
  CLI::App* explore =
      app.add_subcommand("explore", "Find out what becomes of every config of workloads");
  explore->footer(kExploreFooter);
  explore->add_option("WORKLOAD", arguments->workloads, "What to explore")->required();
  explore->add_option("--target", arguments->target, "Target; see foothold list targets")
      ->capture_default_str();
  CLI::Option* directory =
      explore->add_option("--output-dir", arguments->output_dir, "Where the files go")
          ->capture_default_str();
  explore->add_option("-o,--output", arguments->output, "The file of a single workload")
      ->excludes(directory);
  AddTableOptions(*explore, tune::ExploreOptionsTable(), &arguments->options);
  explore->add_flag("--json", arguments->json, "Print one JSON object; no progress");
  explore->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunExplore(*arguments, session); };
  });
}

}  // namespace foothold::cli
