// foothold calibrate and foothold bench fidelity: a simulated board against logs of a real one.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "board_replay/board_replay.h"
#include "cli/command.h"
#include "cli/vta_run.h"
#include "fidelity/calibration.h"
#include "fidelity/fidelity_benchmark.h"
#include "vta/board_file.h"

namespace foothold::cli {
namespace {

struct FidelityArguments {
  std::string target = "vta:pynq";
  std::string trials;
  std::string html;
  MeasuringProtocol protocol;
  bool json = false;
};

Result<ExitCode> RunFidelity(const FidelityArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, session.env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, ReadBoardTrials(csv, arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const Fidelity fidelity,
                            MeasureFidelity(machine, trials, arguments.protocol));
  if (!arguments.html.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.html, ToHtml(fidelity)));
  }
  fmt::print("{}{}", arguments.json ? ToJson(fidelity) : ToText(fidelity),
             arguments.json ? "\n" : "");
  return ExitCode::kOk;
}

struct BoardArguments {
  std::string target = "vta:pynq";
  std::string trials;
  std::vector<std::string> searchers = {"random", "autotvm", "validity", "foothold"};
  std::string markdown;
  BoardReplayOptions options;
  bool json = false;
};

Result<ExitCode> RunBoard(const BoardArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto contestants, FindContestants(arguments.searchers));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string csv, session.env.ReadFile(arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trials, ReadBoardTrials(csv, arguments.trials));
  FOOTHOLD_ASSIGN_OR_RETURN(const BoardReplay replay,
                            ReplayBoard(machine, trials, contestants, arguments.options));
  if (!arguments.markdown.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.markdown, ToMarkdown(replay)));
  }
  fmt::print("{}", arguments.json ? ToJson(replay) : ToText(replay));
  return ExitCode::kOk;
}

/// What a board file says it is for: TVM's name for a board of the HLS build.
constexpr std::string_view kCalibratedTarget = "pynq";

struct CalibrateArguments {
  std::string target;
  std::string log;
  std::string output;
  bool json = false;
};

std::string CalibrationJson(const Calibration& calibration, const CalibrationOptions& options) {
  const auto error = [](const CalibrationError& e) {
    return Json{{"median", e.median}, {"ninetieth_percentile", e.ninetieth}};
  };
  Json json = {{"schedules", calibration.schedules}, {"rejected", calibration.rejected}};
  for (std::size_t c = 0; c < options.constants.size(); ++c) {
    json["constants"].push_back({{"name", options.constants[c].name},
                                 {"figures", options.constants[c].figures},
                                 {"value", calibration.values[c]}});
  }
  json["session_values"] = calibration.session_values;
  json["error"] = error(calibration.fit);
  json["error_one_layer_left_out"] = error(calibration.leave_one_layer_out);
  return json.Dump(2) + "\n";
}

Result<ExitCode> RunCalibrate(const CalibrateArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string log, session.env.ReadFile(arguments.log));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto schedules, ReadMeasuredSchedules(log, arguments.log));
  const CalibrationOptions options = HlsCalibration();
  FOOTHOLD_ASSIGN_OR_RETURN(const Calibration calibration, Calibrate(machine, schedules, options));
  if (!arguments.output.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.output, vta::ToJson(calibration.timing)));
  }
  fmt::print("{}",
             arguments.json ? CalibrationJson(calibration, options) : ToText(calibration, options));
  return ExitCode::kOk;
}

}  // namespace

void AddBenchFidelity(CLI::App& bench, Command& chosen) {
  auto arguments = std::make_shared<FidelityArguments>();
  CLI::App* fidelity = bench.add_subcommand(
      "fidelity", "Outcomes and times of a simulated board against trials of a real one");
  fidelity->footer(
      "Example: a PYNQ's trials, with a scatter plot\n"
      "  foothold bench fidelity --trials ../shared/data/boards/pynq_vgg19_trials.csv --html "
      "fidelity.html");
  fidelity->add_option("--trials", arguments->trials, "Trials of the real board, CSV")->required();
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

void AddBenchBoard(CLI::App& bench, Command& chosen) {
  auto arguments = std::make_shared<BoardArguments>();
  CLI::App* board = bench.add_subcommand(
      "board", "Searchers on trials that somebody made on a real board, replayed");
  board->footer(
      "Proposals are restricted to the configs that were tried. In mode hardware the simulated "
      "board is the prior.\n\nExample: a PYNQ's trials\n"
      "  foothold bench board --trials ../shared/data/boards/pynq_vgg19_trials.csv --seeds 5");
  board->add_option("--trials", arguments->trials, "Trials of the real board, CSV")->required();
  board->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  board->add_option("--searcher", arguments->searchers, "Searchers, each in its modes")
      ->capture_default_str();
  board->add_option("--seeds", arguments->options.seeds, "Runs of each searcher on each layer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  board->add_option("--seed", arguments->options.first_seed, "Seed of the first run")
      ->capture_default_str();
  board->add_option("--markdown", arguments->markdown, "Write the page docs/results/board.md");
  board->add_flag("--json", arguments->json, "Print JSON");
  board->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunBoard(*arguments, session); };
  });
}

void AddCalibrate(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<CalibrateArguments>();
  CLI::App* calibrate = app.add_subcommand(
      "calibrate", "Fit a simulated board's constants to an AutoTVM log of the real one");
  calibrate->footer(
      "Prints the constants, the error on the log, and the error with each layer predicted by the "
      "others.\n\nExample:\n  foothold calibrate vta:pynq "
      "../shared/data/boards/tophub_vta_v0.10_pynq_1x16.log");
  calibrate->add_option("TARGET", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->required();
  calibrate->add_option("LOG", arguments->log, "AutoTVM log, version 0.2")->required();
  calibrate->add_option("--output", arguments->output,
                        "Write the board with the fitted constants here; vta:FILE.json uses it");
  calibrate->add_flag("--json", arguments->json, "Print JSON");
  calibrate->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunCalibrate(*arguments, session); };
  });
}

}  // namespace foothold::cli
