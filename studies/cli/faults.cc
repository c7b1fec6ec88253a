// foothold-study faults: what tuning runs make of misbehaving candidates.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/beside_this_program.h"
#include "studies/cli/commands.h"
#include "studies/cli/page_options.h"
#include "studies/faults/faults_benchmark.h"

namespace foothold::cli {
namespace {

struct FaultsArguments {
  studies::FaultsBenchmarkOptions options;
  PageOptions page;
};

Result<ExitCode> RunFaults(const FaultsArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckPageOptions(arguments.page, "faults", {}, session.env));
  studies::FaultsBenchmarkOptions options = arguments.options;
  if (options.program.empty()) options.program = base::BesideThisProgram("misbehave");
  if (!session.env.FileExists(options.program)) {
    return Status::NotFound(options.program +
                            ": there is no such program; build the target misbehave, or name it "
                            "with --program");
  }
  options.program = std::filesystem::absolute(options.program).string();
  FOOTHOLD_ASSIGN_OR_RETURN(const auto rows, studies::RunFaultsBenchmark(session.env, options));
  FOOTHOLD_RETURN_IF_ERROR(ShowPage(studies::ToPage(rows), arguments.page, session.env));
  const bool right =
      std::all_of(rows.begin(), rows.end(), [](auto& row) { return row.all_right(); });
  return right ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddFaults(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<FaultsArguments>();
  CLI::App* faults = app.add_subcommand(
      "faults", "Tuning runs with misbehaving candidates: how many end right, what a fault costs");
  faults->footer(
      "Every second candidate of a run is of one kind of fault. A run is right when it ends by\n"
      "itself, with the right best and a complete log, and leaves no process, folder or cgroup\n"
      "behind; exit code 1 when one is not. Kinds that end the tuner are resumed. Run it as root\n"
      "only where nothing can be harmed (unshare --pid --mount --fork --mount-proc).\n\n"
      "Example:\n  foothold-study faults --runs 5\n\n"
      "Example: two kinds\n  foothold-study faults --kind hang --kind kill_keeper");
  faults->add_option("--program", arguments->options.program,
                     "The program misbehave; else the one beside foothold-study");
  faults->add_option("--runs", arguments->options.runs, "Runs of each kind")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  faults->add_option("--kind", arguments->options.kinds, "Run this kind only; may be repeated");
  faults->add_option("--seed", arguments->options.seed, "Seed of the first run")
      ->capture_default_str();
  AddPageOptions(*faults, arguments->page);
  faults->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunFaults(*arguments, session); };
  });
}

}  // namespace foothold::cli
