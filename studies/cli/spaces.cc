// foothold-study spaces: the community's performance score on recorded spaces.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "foothold/searchers.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/cli/runs.h"
#include "studies/recorded_spaces/spaces_benchmark.h"

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
  studies::SpacesOptions options;
  PageOptions page;
};

Result<ExitCode> Run(const SpacesArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(
      CheckPageOptions(arguments.page, "spaces", arguments.files, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::BenchmarkSpaces spaces,
                            studies::ReadBenchmarkSpaces(session.env, arguments.files));
  studies::SpacesOptions options = arguments.options;
  options.knowledge = Modes().at(arguments.knowledge);
  FOOTHOLD_ASSIGN_OR_RETURN(const auto result,
                            WithRunsLine(session.env, [&](const studies::OnRun& on_run) {
                              return studies::RunSpacesBenchmark(
                                  spaces, arguments.searchers, options, on_run, session.interrupt);
                            }));
  if (!result) return ExitCode::kInterrupted;
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(*result), arguments.page, session.env));
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
  command
      ->add_option("--knowledge", arguments->knowledge,
                   "What a searcher may use before a measurement: blind, or compiler: builds, "
                   "charged at what compiling cost when it was recorded")
      ->check(CLI::IsMember(Modes()))
      ->capture_default_str();
  AddRunOptions(*command, options);
  AddPageOptions(*command, arguments->page);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
