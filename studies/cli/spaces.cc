// foothold-study spaces: the community's performance score on recorded spaces.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "cli/common/files.h"
#include "cli/common/live_line.h"
#include "cli/common/output.h"
#include "cli/common/progress.h"
#include "foothold/searchers.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_files.h"
#include "studies/recorded_spaces/spaces_benchmark.h"
#include "tune/machine.h"

namespace foothold::cli {
namespace {

constexpr const char* kSpacesFooter =
    R"(FILE is a space that another tuner recorded: T4, a Kernel Tuner cache or KTT's results, gzip or not. Every
searcher runs with each seed on what is recorded of each config; nothing is compiled or run.

Example: two searchers, with the page for the documentation
  foothold-study spaces shared/data/spaces/*.json.gz --searcher random genetic --output-dir results

Example: a quick look
  foothold-study spaces pnpoly_RTX_3090.json.gz --searcher autotvm --seeds 10)";

const std::map<std::string, Knowledge>& Modes() {
  static const std::map<std::string, Knowledge> modes = {{"blind", Knowledge::kBlind},
                                                         {"compiler", Knowledge::kCompiler}};
  return modes;
}

struct SpacesArguments {
  std::vector<std::string> files;
  std::vector<std::string> searchers;
  std::string knowledge = "blind";
  std::string json;
  std::string output_dir;
  studies::SpacesOptions options;
};

Result<std::optional<studies::SpacesResult>> RunBenchmark(const SpacesArguments& arguments,
                                                          const studies::BenchmarkSpaces& spaces,
                                                          const Session& session) {
  studies::SpacesOptions options = arguments.options;
  options.knowledge = Modes().at(arguments.knowledge);
  LiveLine line(LiveLine::ModeFor(stderr), stderr, session.env);
  line.Begin();
  const double start = session.env.MonotonicSeconds();
  const auto text = [&](const studies::SpacesProgress& progress) {
    return RunsDone(progress.done, progress.total, session.env.MonotonicSeconds() - start);
  };
  studies::SpacesProgress last;
  FOOTHOLD_ASSIGN_OR_RETURN(auto result, studies::RunSpacesBenchmark(
                                             spaces, arguments.searchers, options,
                                             [&](const studies::SpacesProgress& progress) {
                                               last = progress;
                                               line.Update([&] { return text(progress); });
                                             },
                                             session.interrupt));
  line.End(text(last));
  if (!result) return result;
  for (const auto& [name, value] : tune::DescribeMachine(session.env)) {
    result->machine.push_back(fmt::format("{} {}", name, value));
  }
  return result;
}

Result<ExitCode> Run(const SpacesArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(MakePageFolder(session.env, arguments.output_dir));
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "--json", arguments.json, arguments.files));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::BenchmarkSpaces spaces,
                            studies::ReadBenchmarkSpaces(session.env, arguments.files));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto result, RunBenchmark(arguments, spaces, session));
  if (!result) return ExitCode::kInterrupted;
  if (!arguments.json.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.json, ToJson(*result)));
  }
  if (!arguments.output_dir.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(WritePageFiles(session.env, arguments.output_dir, "spaces",
                                            studies::ToMarkdown(*result), ToJson(*result)));
  }
  PrintOut("{}", ToText(*result));
  return ExitCode::kOk;
}

}  // namespace

void AddSpaces(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<SpacesArguments>();
  studies::SpacesOptions& options = arguments->options;
  for (const SearcherInfo& info : ListSearchers()) arguments->searchers.push_back(info.name);
  CLI::App* command =
      app.add_subcommand("spaces", "The community's performance score, on recorded spaces");
  command->footer(kSpacesFooter);
  command->add_option("FILE", arguments->files, "Recorded spaces")->required();
  command->add_option("--searcher", arguments->searchers, "Searchers to score")
      ->capture_default_str();
  command->add_option("--seeds", options.seeds, "Runs of each searcher on each space")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--seed", options.first_seed, "Seed of the first run")->capture_default_str();
  command
      ->add_option("--knowledge", arguments->knowledge,
                   "What a searcher may use before a measurement: blind, or compiler: builds, "
                   "charged at what compiling cost when it was recorded")
      ->check(CLI::IsMember(Modes()))
      ->capture_default_str();
  command->add_option("--batch", options.batch_size, "Proposals between two observations")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--jobs", options.jobs, "Threads, 0 for one per core")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--json", arguments->json, "Write every run and the scores to this file");
  command
      ->add_option("--output-dir", arguments->output_dir,
                   "Write spaces.md and spaces.json to this folder")
      ->type_name("DIR");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
