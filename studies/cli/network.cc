// foothold-study network: what trained networks lose on the VTA.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "cli/common/live_line.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "cli/common/scales_option.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/networks/network_study.h"

namespace foothold::cli {
namespace {

constexpr const char* kNetworkFooter =
    R"(DIR holds networks/X.onnx with networks/FAMILY.inputs.npy, and may hold larger
sets of inputs (docs/results/network.md). Each network is compiled, deployed to
a temporary folder and run on the VTA that the folder simulates. Without the
data, says so and does nothing.

Example: all networks, with the page for the documentation
  foothold-study network --output-dir docs/results/generated/network

Example: a quick look at one
  foothold-study network --network mnist_cnn --inputs 500)";

struct NetworkArguments {
  studies::NetworkStudyOptions options;
  std::string target = "vta:pynq";
  std::string scales = "power-of-two";
  PageOptions page;
};

std::string DataFolder() {
  const char* named = std::getenv("FOOTHOLD_DATA");
  return named == nullptr ? "" : named;
}

Result<ExitCode> Run(const NetworkArguments& arguments, const Session& session) {
  studies::NetworkStudyOptions options = arguments.options;
  if (options.data.empty()) options.data = DataFolder();
  if (options.data.empty() || !session.env.FileExists(options.data + "/networks")) {
    PrintOut("skipped: no data; name its folder with --data or in FOOTHOLD_DATA\n");
    return ExitCode::kOk;
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "network", {}, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(options.machine, FindVtaMachine(session.env, arguments.target));
  options.quantise.scales = ScalesOf(arguments.scales);
  LiveLine line(LiveLine::ModeFor(stderr), stderr, session.env);
  line.Begin();
  FOOTHOLD_ASSIGN_OR_RETURN(
      auto study,
      studies::RunNetworkStudy(
          session.env, options, [&](const std::string& text) { line.Update([&] { return text; }); },
          [&] { return session.interrupt.load(); }));
  line.End(study ? "done" : "interrupted");
  if (!study) return ExitCode::kInterrupted;
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(*study), arguments.page, session.env));
  return ExitCode::kOk;
}

}  // namespace

void AddNetworkStudy(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<NetworkArguments>();
  studies::NetworkStudyOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "network", "What trained networks lose on the VTA, and whether all its forms agree");
  command->footer(kNetworkFooter);
  command->add_option("--data", options.data, "Folder of the data; else what FOOTHOLD_DATA names")
      ->type_name("DIR");
  command->add_option("--network", options.networks,
                      "Study this network only, without .onnx; may be repeated");
  command->add_option("--target", arguments->target, "The VTA: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  AddScales(*command, arguments->scales);
  command->add_option("--inputs", options.inputs, "Inputs of each network, at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option("--simulated", options.simulated,
                   "How many of them the simulator of Foothold runs too")
      ->capture_default_str();
  command->add_option("--jobs", options.jobs, "Threads, 0 for one per core")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  AddPageOptions(*command, arguments->page);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return Run(*arguments, session); };
  });
}

}  // namespace foothold::cli
