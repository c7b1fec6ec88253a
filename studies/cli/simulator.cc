// foothold-study simulator: how many configs per second this machine simulates.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/common/arguments.h"
#include "cli/common/machine_argument.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/micro/simulator_benchmark.h"

namespace foothold::cli {
namespace {

struct SimulatorArguments {
  std::vector<std::string> workloads = {"resnet18.C8"};
  std::string target = "vta:pynq";
  studies::SimulatorBenchmarkOptions options;
  PageOptions page;
};

Result<ExitCode> RunSimulator(const SimulatorArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "simulator", {}, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto rows,
                            studies::RunSimulatorBenchmark(machine, workloads, arguments.options));
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(rows), arguments.page, session.env));
  return ExitCode::kOk;
}

}  // namespace

void AddSimulator(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<SimulatorArguments>();
  CLI::App* simulator =
      app.add_subcommand("simulator", "Configs per second of CPU time: compile, simulate, verify");
  simulator->footer("Example: two layers\n  foothold-study simulator resnet18.C8 resnet18.C10");
  simulator->add_option("WORKLOAD", arguments->workloads, "Layers")->capture_default_str();
  simulator->add_option("--target", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  simulator
      ->add_option("--configs", arguments->options.max_configs,
                   "Valid configs per layer; a uniform sample where there are more")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  simulator->add_option("--seed", arguments->options.seed, "Seed of that sample")
      ->capture_default_str();
  AddPageOptions(*simulator, arguments->page);
  simulator->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunSimulator(*arguments, session); };
  });
}

}  // namespace foothold::cli
