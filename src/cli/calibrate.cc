// foothold calibrate: a simulated board's constants from a log of the real one.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/common/files.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "targets/vta/board_file.h"
#include "targets/vta/calibration/calibration.h"

namespace foothold::cli {
namespace {

/// What a board file says it is for: TVM's name for a board of the HLS build.
constexpr std::string_view kCalibratedTarget = "pynq";

struct CalibrateArguments {
  std::string target;
  std::string log;
  std::string output;
  bool json = false;
};

std::string CalibrationJson(const vta::Calibration& calibration,
                            const vta::CalibrationOptions& options) {
  const auto error = [](const vta::CalibrationError& e) {
    return base::Json{{"median", e.median}, {"ninetieth_percentile", e.ninetieth}};
  };
  base::Json json = {{"schedules", calibration.schedules}, {"rejected", calibration.rejected}};
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
  FOOTHOLD_RETURN_IF_ERROR(
      CheckIsNoInput(session.env, "--output", arguments.output, {arguments.log}));
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string log, session.env.ReadFile(arguments.log));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto schedules, vta::ReadMeasuredSchedules(log, arguments.log));
  const vta::CalibrationOptions options = vta::HlsCalibration();
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::Calibration calibration,
                            vta::Calibrate(machine, schedules, options));
  if (!arguments.output.empty()) {
    vta::VtaMachine fitted = machine;
    fitted.timing = calibration.timing;
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.output, vta::BoardJson(fitted)));
  }
  PrintOut("{}",
           arguments.json ? CalibrationJson(calibration, options) : ToText(calibration, options));
  return ExitCode::kOk;
}

}  // namespace

void AddCalibrate(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<CalibrateArguments>();
  CLI::App* calibrate = app.add_subcommand(
      "calibrate", "Fit a simulated board's constants to an AutoTVM log of the real one");
  calibrate->footer(
      "Prints the constants, the error on the log, and the error with each layer predicted by the "
      "others.\n\nExample:\n  foothold calibrate vta:pynq \\\n    "
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
