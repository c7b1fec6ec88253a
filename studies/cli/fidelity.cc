// foothold-study fidelity and board: a simulated board against logs of a real one.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/common/machine_argument.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/cli/runs.h"
#include "studies/real_board/board_replay.h"
#include "studies/real_board/fidelity_benchmark.h"

namespace foothold::cli {
namespace {

struct FidelityArguments {
  std::string target = "vta:pynq";
  std::string trials;
  studies::MeasuringProtocol protocol;
  PageOptions page;
};

Result<ExitCode> RunFidelity(const FidelityArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckPageOptions(arguments.page, "fidelity", {arguments.trials}, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, session.env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, studies::ReadBoardTrials(csv, arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::Fidelity fidelity,
                            studies::MeasureFidelity(machine, trials, arguments.protocol));
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(fidelity), arguments.page, session.env));
  return ExitCode::kOk;
}

struct BoardArguments {
  std::string target = "vta:pynq";
  std::string trials;
  std::vector<std::string> searchers = {"random", "autotvm", "validity", "foothold"};
  studies::BoardReplayOptions options;
  PageOptions page;
};

Result<ExitCode> RunBoard(const BoardArguments& arguments, const Session& session) {
  Env& env = session.env;
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "board", {arguments.trials}, env));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine, FindVtaMachine(env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto entrants, studies::FindEntrants(arguments.searchers));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, studies::ReadBoardTrials(csv, arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::BoardReplay replay,
                            studies::ReplayBoard(machine, trials, entrants, arguments.options));
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(replay), arguments.page, env));
  return ExitCode::kOk;
}

}  // namespace

void AddFidelity(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<FidelityArguments>();
  CLI::App* fidelity = app.add_subcommand(
      "fidelity", "Outcomes and times of a simulated board against trials of a real one");
  fidelity->footer(
      "Example: a PYNQ's trials, with a scatter plot\n"
      "  foothold-study fidelity --trials ../shared/data/boards/pynq_vgg19_trials.csv --html "
      "fidelity.html");
  fidelity
      ->add_option("--trials", arguments->trials,
                   "Trials of the real board: CSV, or a log of AutoTVM, also of best records")
      ->required();
  fidelity->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  fidelity
      ->add_option("--timeout", arguments->protocol.timeout_s,
                   "Seconds after which the board's trials timed out")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  fidelity
      ->add_option("--calls", arguments->protocol.calls_per_trial,
                   "Calls of the schedule in one trial")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  AddPageOptions(*fidelity, arguments->page);
  fidelity->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunFidelity(*arguments, session); };
  });
}

void AddBoard(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<BoardArguments>();
  CLI::App* board = app.add_subcommand(
      "board", "Searchers on trials that somebody made on a real board, replayed");
  board->footer(
      "Proposals are restricted to the configs that were tried. In mode hardware the simulated "
      "board is the prior.\n\nExample: a PYNQ's trials\n"
      "  foothold-study board --trials ../shared/data/boards/pynq_vgg19_trials.csv --seeds 5");
  board
      ->add_option("--trials", arguments->trials,
                   "Trials of the real board: CSV, or a log of AutoTVM")
      ->required();
  board->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  board->add_option("--searcher", arguments->searchers, "Searchers, each in its modes")
      ->capture_default_str();
  AddRunOptions(*board, arguments->options);
  AddPageOptions(*board, arguments->page);
  board->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunBoard(*arguments, session); };
  });
}

}  // namespace foothold::cli
