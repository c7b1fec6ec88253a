// foothold-study fidelity and board: a simulated board against logs of a real one.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "cli/common/files.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_files.h"
#include "studies/real_board/board_replay.h"
#include "studies/real_board/fidelity_benchmark.h"

namespace foothold::cli {
namespace {

struct FidelityArguments {
  std::string target = "vta:pynq";
  std::string trials;
  std::string html;
  studies::MeasuringProtocol protocol;
  bool json = false;
};

Result<ExitCode> RunFidelity(const FidelityArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_RETURN_IF_ERROR(
      CheckIsNoInput(session.env, "--html", arguments.html, {arguments.trials}));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, session.env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, studies::ReadBoardTrials(csv, arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::Fidelity fidelity,
                            studies::MeasureFidelity(machine, trials, arguments.protocol));
  if (!arguments.html.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.html, studies::ToHtml(fidelity)));
  }
  PrintOut("{}{}", arguments.json ? ToJson(fidelity) : ToText(fidelity),
           arguments.json ? "\n" : "");
  return ExitCode::kOk;
}

struct BoardArguments {
  std::string target = "vta:pynq";
  std::string trials;
  std::vector<std::string> searchers = {"random", "autotvm", "validity", "foothold"};
  std::string from;
  std::string output_dir;
  studies::BoardReplayOptions options;
  bool json = false;
};

/// The replay that --from holds, or a new one.
Result<studies::BoardReplay> BoardReplayOf(const BoardArguments& arguments, Env& env) {
  if (!arguments.from.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string json, env.ReadFile(arguments.from));
    return studies::ParseBoardReplay(json, arguments.from);
  }
  if (arguments.trials.empty()) return Status::InvalidArgument("--trials or --from must be given");
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine, FindVtaMachine(env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto entrants, studies::FindEntrants(arguments.searchers));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, studies::ReadBoardTrials(csv, arguments.trials));
  return studies::ReplayBoard(machine, trials, entrants, arguments.options);
}

Result<ExitCode> RunBoard(const BoardArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(MakePageFolder(session.env, arguments.output_dir));
  FOOTHOLD_ASSIGN_OR_RETURN(const studies::BoardReplay replay,
                            BoardReplayOf(arguments, session.env));
  if (!arguments.output_dir.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(WritePageFiles(session.env, arguments.output_dir, "board",
                                            studies::ToMarkdown(replay), ToJson(replay)));
  }
  PrintOut("{}", arguments.json ? ToJson(replay) : ToText(replay));
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
  fidelity->add_option("--html", arguments->html, "Write a page with a scatter plot to this file");
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
  fidelity->add_flag("--json", arguments->json, "Print JSON");
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
  CLI::Option* trials = board->add_option("--trials", arguments->trials,
                                          "Trials of the real board: CSV, or a log of AutoTVM");
  CLI::Option* from = board->add_option("--from", arguments->from,
                                        "Replay nothing: show what an earlier board.json holds");
  trials->excludes(from);
  board->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  board->add_option("--searcher", arguments->searchers, "Searchers, each in its modes")
      ->capture_default_str();
  board->add_option("--seeds", arguments->options.seeds, "Runs of each searcher on each layer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  board->add_option("--seed", arguments->options.first_seed, "Seed of the first run")
      ->capture_default_str();
  board
      ->add_option("--output-dir", arguments->output_dir,
                   "Write board.md and board.json to this folder")
      ->type_name("DIR");
  board->add_flag("--json", arguments->json, "Print JSON");
  board->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunBoard(*arguments, session); };
  });
}

}  // namespace foothold::cli
