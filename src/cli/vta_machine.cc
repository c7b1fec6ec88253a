// foothold vta machine: every figure of a simulated machine, with its unit and where it comes from.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::cli {
namespace {

struct MachineArguments {
  std::string target = "vta:pynq";
  bool json = false;
};

Result<ExitCode> PrintMachine(const MachineArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  if (arguments.json) {
    PrintOut("{}", vta::BoardJson(machine));
    return ExitCode::kOk;
  }
  const vta::Geometry& g = machine.geometry;
  PrintOut(
      "geometry {}: GEMM of {}x{} by {}x{}; scratchpads hold {} inputs, {} weights, {} "
      "accumulators, {} micro-ops\n",
      g.ModelName(), g.batch(), g.block(), g.block(), g.block(), g.inp_depth(), g.wgt_depth(),
      g.acc_depth(), g.uop_capacity());
  if (g.uop_capacity() < g.uop_depth()) {
    PrintOut("the RTL fixes the {} micro-ops; LOG_UOP_BUFF_SIZE says {}\n", g.uop_capacity(),
             g.uop_depth());
  }
  PrintOut("data {}\n", vta::Describe(machine.semantics));
  PrintOut("timing {}", vta::ToText(machine.timing));
  return ExitCode::kOk;
}

}  // namespace

void AddVtaMachine(CLI::App& vta, Command& chosen) {
  auto arguments = std::make_shared<MachineArguments>();
  CLI::App* machine =
      vta.add_subcommand("machine", "A machine's figures, with units and where they come from");
  machine->footer(
      "The JSON is a board file, a starting point for a board of your own.\n\n"
      "Example:\n  foothold vta machine vta:pynq --json > my_board.json");
  machine->add_option("TARGET", arguments->target, "Machine: vta:MACHINE or vta:FILE.json")
      ->capture_default_str();
  machine->add_flag("--json", arguments->json, "Print a board file");
  machine->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return PrintMachine(*arguments, session); };
  });
}

}  // namespace foothold::cli
