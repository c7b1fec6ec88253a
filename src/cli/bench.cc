// foothold bench: figures of this machine that the documentation quotes, for anyone to repeat.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/beside_this_program.h"
#include "benchmarks/cpu_benchmark.h"
#include "benchmarks/faults_benchmark.h"
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

template <typename Rows>
void PrintRows(const Rows& rows, bool json) {
  std::string text = json ? ToJson(rows) : ToText(rows);
  if (!text.ends_with('\n')) text += '\n';
  fmt::print("{}", text);
}

Result<ExitCode> RunSimulator(const SimulatorArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto rows,
                            RunSimulatorBenchmark(machine, workloads, arguments.options));
  PrintRows(rows, arguments.json);
  return ExitCode::kOk;
}

struct CpuArguments {
  /// The 3x3 and 1x1 convolutions of ResNet-18, and square products.
  std::vector<std::string> workloads = {"resnet18-float32.C2",
                                        "resnet18-float32.C3",
                                        "resnet18-float32.C4",
                                        "resnet18-float32.C5",
                                        "resnet18-float32.C6",
                                        "resnet18-float32.C7",
                                        "resnet18-float32.C8",
                                        "resnet18-float32.C9",
                                        "resnet18-float32.C10",
                                        "resnet18-float32.C11",
                                        "gemm"};
  CpuBenchmarkOptions options;
  std::string json;
  std::string markdown;
};

struct FaultsArguments {
  FaultsBenchmarkOptions options;
  bool json = false;
};

Result<ExitCode> RunFaults(const FaultsArguments& arguments, const Session& session) {
  FaultsBenchmarkOptions options = arguments.options;
  if (options.program.empty()) options.program = BesideThisProgram("misbehave");
  if (!session.env.FileExists(options.program)) {
    return Status::NotFound(options.program +
                            ": there is no such program; build the target misbehave, or name it "
                            "with --program");
  }
  options.program = std::filesystem::absolute(options.program).string();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto rows, RunFaultsBenchmark(session.env, options));
  PrintRows(rows, arguments.json);
  const bool right =
      std::all_of(rows.begin(), rows.end(), [](auto& row) { return row.all_right(); });
  return right ? ExitCode::kOk : ExitCode::kNo;
}

Result<ExitCode> RunCpu(const CpuArguments& arguments, const Session& session) {
  CpuBenchmarkOptions options = arguments.options;
  if (options.peers.empty()) options.peers = BesideThisProgram("cpu_peers");
  if (!session.env.FileExists(options.peers)) options.peers.clear();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const CpuBenchmark benchmark,
      RunCpuBenchmark(
          session.env, workloads, options,
          [](const std::string& step) { fmt::print(stderr, "{}\n", step); }, session.interrupt));
  if (!arguments.json.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.json, ToJson(benchmark)));
  }
  if (!arguments.markdown.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.markdown, ToMarkdown(benchmark)));
  }
  fmt::print("{}", ToText(benchmark));
  return ExitCode::kOk;
}

void AddCpu(CLI::App& bench, Command& chosen) {
  auto arguments = std::make_shared<CpuArguments>();
  CpuBenchmarkOptions& options = arguments->options;
  options.log = "cpu-bench.jsonl";
  CLI::App* cpu = bench.add_subcommand(
      "cpu", "The cpu target's best programs against oneDNN and OpenBLAS, on one thread");
  cpu->footer(
      "Tunes each workload, then runs the best program and the peers in turn. What the log holds "
      "is\n"
      "not tuned again. A peer that this build does not have is skipped, with the reason.\n\n"
      "Example: one layer and one product\n"
      "  foothold bench cpu resnet18-float32.C8 gemm.512 --trials 64");
  cpu->add_option("WORKLOAD", arguments->workloads, "Networks and layers, float32")
      ->capture_default_str();
  cpu->add_option("--trials", options.trials, "Trials of the tuning of each workload")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cpu->add_option("--searcher", options.searcher, "Searcher; see foothold list searchers")
      ->capture_default_str();
  cpu->add_option("--seed", options.seed, "Seed of the tuning")->capture_default_str();
  cpu->add_option("--rounds", options.rounds, "Runs of each contestant")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cpu->add_option("--log", options.log, "Record log of the tuning")->capture_default_str();
  cpu->add_option("--peers", options.peers, "The program cpu_peers; else the one beside foothold");
  cpu->add_option("--json", arguments->json, "Write all times to this file");
  cpu->add_option("--markdown", arguments->markdown, "Write the page docs/results/cpu.md");
  cpu->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunCpu(*arguments, session); };
  });
}

void AddFaults(CLI::App& bench, Command& chosen) {
  auto arguments = std::make_shared<FaultsArguments>();
  CLI::App* faults = bench.add_subcommand(
      "faults", "Tuning runs with misbehaving candidates: how many end right, what a fault costs");
  faults->footer(
      "Every second candidate of a run is of one kind of fault. A run is right when it ends by\n"
      "itself, with the right best and a complete log, and leaves no process, folder or cgroup\n"
      "behind; exit code 1 when one is not. Kinds that end the tuner are resumed. Run it as root\n"
      "only where nothing can be harmed (unshare --pid --mount --fork --mount-proc).\n\n"
      "Example:\n  foothold bench faults --runs 5\n\n"
      "Example: two kinds\n  foothold bench faults --kind hang --kind kill_keeper");
  faults->add_option("--program", arguments->options.program,
                     "The program misbehave; else the one beside foothold");
  faults->add_option("--runs", arguments->options.runs, "Runs of each kind")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  faults->add_option("--kind", arguments->options.kinds, "Run this kind only; may be repeated");
  faults->add_option("--seed", arguments->options.seed, "Seed of the first run")
      ->capture_default_str();
  faults->add_flag("--json", arguments->json, "Print JSON");
  faults->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunFaults(*arguments, session); };
  });
}

void AddSimulator(CLI::App& bench, Command& chosen) {
  auto arguments = std::make_shared<SimulatorArguments>();
  CLI::App* simulator = bench.add_subcommand(
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
}

}  // namespace

void AddBench(CLI::App& app, Command& chosen) {
  CLI::App* bench = app.add_subcommand("bench", "Measure Foothold itself on this machine");
  bench->footer("Example:\n  foothold bench simulator resnet18.C8");
  AddSimulator(*bench, chosen);
  AddCpu(*bench, chosen);
  AddFaults(*bench, chosen);
  AddBenchFidelity(*bench, chosen);
  AddBenchBoard(*bench, chosen);
  AddBenchTimeToBest(*bench, chosen);
  AddBenchSpaces(*bench, chosen);
}

}  // namespace foothold::cli
