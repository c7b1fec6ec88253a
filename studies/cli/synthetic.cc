// foothold-study synthetic: searchers on spaces whose validity and times are formulas.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/cli/runs.h"
#include "studies/synthetic_spaces/synthetic_study.h"

namespace foothold::cli {
namespace {

constexpr const char* kSyntheticFooter =
    R"(Nothing is compiled or run. Constants of searchers are chosen on the set "tuning", and what they are worth is shown by
the set "report".

Example: one searcher and its parts on the spaces whose figures count
  foothold-study synthetic --set report --searcher foothold 'foothold: no bounds'

Example: one family, two more instances of it
  foothold-study synthetic modulo --instance 3 4 --searcher random foothold)";

struct SyntheticArguments {
  std::vector<std::string> families = studies::SyntheticFamilies();
  std::vector<std::uint64_t> instances = {1, 2};
  std::string set = "both";
  std::vector<std::string> searchers = {"random", "genetic", "foothold"};
  studies::SyntheticOptions options;
  PageOptions page;
};

std::vector<studies::SyntheticSpace> Spaces(const SyntheticArguments& arguments) {
  std::vector<studies::SyntheticSpace> spaces;
  for (const std::string& family : arguments.families) {
    for (const std::uint64_t instance : arguments.instances) {
      if (arguments.set != "both" &&
          arguments.set != studies::ToString(studies::SyntheticSetOf(family, instance))) {
        continue;
      }
      spaces.push_back(studies::MakeSyntheticSpace(family, instance));
    }
  }
  return spaces;
}

Result<ExitCode> Run(const SyntheticArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "synthetic", {}, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto entrants, studies::FindEntrants(arguments.searchers));
  const std::vector<studies::SyntheticSpace> spaces = Spaces(arguments);
  if (spaces.empty()) {
    return Status::InvalidArgument(fmt::format(
        "none of these spaces is in the set {}; name others or leave --set out", arguments.set));
  }
  const auto result = WithRunsLine(session.env, [&](const studies::OnRun& on_run) {
    return studies::RunSyntheticStudy(spaces, entrants, arguments.options, on_run,
                                      session.interrupt);
  });
  if (!result) return ExitCode::kInterrupted;
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(*result), arguments.page, session.env));
  return ExitCode::kOk;
}

}  // namespace

void AddSynthetic(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<SyntheticArguments>();
  studies::SyntheticOptions& options = arguments->options;
  CLI::App* command =
      app.add_subcommand("synthetic", "Searchers on spaces whose validity and times are formulas");
  command->footer(kSyntheticFooter);
  command
      ->add_option("FAMILY", arguments->families,
                   "Families of spaces (docs/results/synthetic.md); all by default")
      ->check(CLI::IsMember(studies::SyntheticFamilies()).description(""));
  command->add_option("--instance", arguments->instances, "Which spaces of each family")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--set", arguments->set, "Only the spaces of one set: tuning, report")
      ->check(CLI::IsMember({"tuning", "report", "both"}))
      ->capture_default_str();
  command->add_option("--searcher", arguments->searchers, "Searchers, and their parts")
      ->capture_default_str();
  command->add_option("--trials", options.trials, "Trials of a run")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  AddRunOptions(*command, options);
  AddPageOptions(*command, arguments->page);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
