// foothold bench: figures of this machine that the documentation quotes, for anyone to repeat.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "benchmarks/simulator_benchmark.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/vta_run.h"

namespace foothold::cli {
namespace {

struct SimulatorArguments {
  std::vector<std::string> workloads = {"resnet18.C8"};
  std::string target = "vta:pynq";
  SimulatorBenchmarkOptions options;
  bool json = false;
};

Result<ExitCode> RunSimulator(const SimulatorArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto rows,
                            RunSimulatorBenchmark(machine, workloads, arguments.options));
  std::string text = arguments.json ? ToJson(rows) : ToText(rows);
  if (!text.ends_with('\n')) text += '\n';
  fmt::print("{}", text);
  return ExitCode::kOk;
}

}  // namespace

void AddBench(CLI::App& app, Command& chosen) {
  CLI::App* bench = app.add_subcommand("bench", "Measure Foothold itself on this machine");
  bench->footer("Example:\n  foothold bench simulator resnet18.C8");

  auto arguments = std::make_shared<SimulatorArguments>();
  CLI::App* simulator = bench->add_subcommand(
      "simulator", "Configs per second of CPU time: compile, simulate, verify");
  simulator->footer("Example: two layers\n  foothold bench simulator resnet18.C8 resnet18.C10");
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
  simulator->add_flag("--json", arguments->json, "Print JSON");
  simulator->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunSimulator(*arguments, session); };
  });
  AddBenchFidelity(*bench, chosen);
  AddBenchTimeToBest(*bench, chosen);
}

}  // namespace foothold::cli
