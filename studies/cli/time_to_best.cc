// foothold-study time-to-best: how many measurements each searcher needs, against ground truth.
#include "studies/time_to_best/time_to_best.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/common/arguments.h"
#include "cli/common/live_line.h"
#include "cli/common/output.h"
#include "cli/common/progress.h"
#include "foothold/explore.h"
#include "foothold/targets.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/cli/runs.h"

namespace foothold::cli {
namespace {

constexpr const char* kTimeToBestFooter =
    R"(Spaces are explored first where DIR does not hold them yet (minutes, once); then every searcher runs on what is
known of each config, in each mode of knowledge and with each seed.

Example: the whole experiment
  foothold-study time-to-best --explorations explored --output-dir results

Example: a quick look at one layer
  foothold-study time-to-best resnet18.C8 --target vta:pynq --seeds 5 --explorations explored)";

struct TimeToBestArguments {
  std::vector<std::string> workloads = {"deepbench", "resnet18"};
  std::vector<std::string> targets = {"vta:pynq", "vta:pynq:extended"};
  std::vector<std::string> searchers;
  std::vector<std::string> knowledge;
  std::string explorations = ".";
  studies::TimeToBestOptions options;
  PageOptions page;
};

Result<std::optional<std::vector<studies::Benchmark>>> OpenBenchmarks(
    const TimeToBestArguments& arguments, const Session& session) {
  LiveLine line(LiveLine::ModeFor(stderr), stderr, session.env);
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  ExploreOptions options;
  options.jobs = arguments.options.jobs;
  std::vector<studies::Benchmark> benchmarks;
  for (const std::string& name : arguments.targets) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(session.env, name));
    line.Begin();
    FOOTHOLD_ASSIGN_OR_RETURN(std::optional<studies::Benchmark> benchmark,
                              studies::OpenBenchmark(
                                  *target, workloads, arguments.explorations, options, session.env,
                                  [&](const Workload& workload, const ExploreProgress& progress) {
                                    line.Update([&] {
                                      return fmt::format(
                                          "exploring {} on {}: {}/{} configs, {} left",
                                          workload.name, name, progress.done, progress.total,
                                          progress.left_s ? Duration(*progress.left_s) : "?");
                                    });
                                  },
                                  session.interrupt));
    if (!benchmark) return std::optional<std::vector<studies::Benchmark>>();
    line.End(fmt::format("explored {} spaces of {}", workloads.size(), name));
    benchmarks.push_back(*std::move(benchmark));
  }
  return std::optional(std::move(benchmarks));
}

/// Only in the modes asked for; all by default.
void RestrictModes(const std::vector<std::string>& knowledge,
                   std::vector<studies::Entrant>& entrants) {
  if (knowledge.empty()) return;
  for (studies::Entrant& entrant : entrants) {
    std::erase_if(entrant.modes, [&](Knowledge mode) {
      return std::find(knowledge.begin(), knowledge.end(), ToString(mode)) == knowledge.end();
    });
  }
  std::erase_if(entrants, [](const studies::Entrant& entrant) { return entrant.modes.empty(); });
}

/// Those asked for, or all that make sense, each in the modes asked for.
Result<std::vector<studies::Entrant>> ChooseEntrants(const TimeToBestArguments& arguments) {
  std::vector<studies::Entrant> entrants = studies::Entrants();
  const bool one_target = arguments.targets.size() == 1;
  const auto needs_more = [](const studies::Entrant& entrant) {
    return entrant.learns_from == studies::EarlierTasks::kOtherTargets;
  };
  if (!arguments.searchers.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(entrants, studies::FindEntrants(arguments.searchers));
    if (one_target && std::any_of(entrants.begin(), entrants.end(), needs_more)) {
      return Status::InvalidArgument(fmt::format(
          "--searcher '{}' learns from the other targets; name two or more with --target",
          studies::kOtherBoards));
    }
  } else if (one_target) {
    std::erase_if(entrants, needs_more);
  }
  RestrictModes(arguments.knowledge, entrants);
  if (entrants.empty()) {
    return Status::InvalidArgument(fmt::format("no searcher named differs in mode {}",
                                               base::Joined(arguments.knowledge, ", ")));
  }
  return entrants;
}

Result<ExitCode> Run(const TimeToBestArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "time-to-best", {}, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto entrants, ChooseEntrants(arguments));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto benchmarks, OpenBenchmarks(arguments, session));
  if (!benchmarks) {
    PrintErr("foothold-study: interrupted; the same command resumes exploring\n");
    return ExitCode::kInterrupted;
  }
  FOOTHOLD_ASSIGN_OR_RETURN(
      const auto result, WithRunsLine(session.env, [&](const studies::OnRun& on_run) {
        return studies::RunTimeToBest(*benchmarks, entrants, arguments.options, on_run,
                                      session.interrupt);
      }));
  if (!result) return ExitCode::kInterrupted;
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(*result), arguments.page, session.env));
  return ExitCode::kOk;
}

}  // namespace

void AddTimeToBest(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<TimeToBestArguments>();
  studies::TimeToBestOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "time-to-best", "Measurements that each searcher needs to find the fastest config");
  command->footer(kTimeToBestFooter);
  command->add_option("WORKLOAD", arguments->workloads, "Networks and layers")
      ->capture_default_str();
  command->add_option("--target", arguments->targets, "Targets, whose spaces are searched")
      ->capture_default_str();
  command->add_option("--searcher", arguments->searchers,
                      "Searchers, and their parts such as 'validity: presampling'; all by default");
  command
      ->add_option("--knowledge", arguments->knowledge,
                   "Modes of knowledge: blind, compiler, hardware; all by default")
      ->check(CLI::IsMember({"blind", "compiler", "hardware"}));
  command->add_option("--explorations", arguments->explorations, "Folder of the explored spaces")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--budget", options.budget, "Measurements of a run")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  AddRunOptions(*command, options);
  AddPageOptions(*command, arguments->page);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
