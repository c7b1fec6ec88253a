// foothold-study cpu: the cpu target's programs against those of other libraries.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/beside_this_program.h"
#include "cli/common/arguments.h"
#include "cli/common/output.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/peers/cpu_benchmark.h"

namespace foothold::cli {
namespace {

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
  studies::CpuBenchmarkOptions options;
  PageOptions page;
};

Result<ExitCode> RunCpu(const CpuArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "cpu", {}, session.env));
  studies::CpuBenchmarkOptions options = arguments.options;
  if (options.peers.empty()) options.peers = base::BesideThisProgram("cpu_peers");
  if (!session.env.FileExists(options.peers)) options.peers.clear();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto workloads,
                            ResolveAllWorkloads(arguments.workloads, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const studies::CpuBenchmark benchmark,
      studies::RunCpuBenchmark(
          session.env, workloads, options, [](const std::string& step) { PrintErr("{}\n", step); },
          session.interrupt));
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(benchmark), arguments.page, session.env));
  return ExitCode::kOk;
}

}  // namespace

void AddCpu(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<CpuArguments>();
  studies::CpuBenchmarkOptions& options = arguments->options;
  options.log = "cpu-bench.jsonl";
  CLI::App* cpu = app.add_subcommand(
      "cpu", "The cpu target's best programs against oneDNN and OpenBLAS, on one thread");
  cpu->footer(
      "Tunes each workload, then runs the best program and the peers in turn. What the log holds\n"
      "is not tuned again. A peer that this build does not have is skipped, with the reason.\n\n"
      "Example: one layer and one product\n"
      "  foothold-study cpu resnet18-float32.C8 gemm.512 --trials 64");
  cpu->add_option("WORKLOAD", arguments->workloads, "Networks and layers, float32")
      ->capture_default_str();
  cpu->add_option("--trials", options.trials, "Trials of the tuning of each workload")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cpu->add_option("--searcher", options.searcher, "Searcher; see foothold list searchers")
      ->capture_default_str();
  cpu->add_option("--seed", options.seed, "Seed of the tuning")->capture_default_str();
  cpu->add_option("--rounds", options.rounds,
                  "Runs of each entrant: Foothold's program and the peers")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  cpu->add_option("--log", options.log, "Record log of the tuning")->capture_default_str();
  cpu->add_option("--peers", options.peers,
                  "The program cpu_peers; else the one beside foothold-study");
  AddPageOptions(*cpu, arguments->page);
  cpu->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunCpu(*arguments, session); };
  });
}

}  // namespace foothold::cli
