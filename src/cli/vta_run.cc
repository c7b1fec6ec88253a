#include "cli/vta_run.h"

#include <fmt/core.h>

#include "base/check.h"
#include "base/json.h"
#include "cli/common/files.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "cli/program_run.h"
#include "targets/vta/isa/program_files.h"
#include "targets/vta/simulator/views.h"

namespace foothold::cli {
namespace {

std::string ToText(const MemoryComparison& comparison) {
  if (comparison.equal()) return fmt::format("equal, {} bytes", comparison.expected_bytes);
  return fmt::format("DIFFERENT in {} of {} bytes, first at byte {}", comparison.different_bytes,
                     comparison.expected_bytes, comparison.first_difference);
}

base::Json ToJson(const MemoryComparison& comparison) {
  base::Json json = {{"file", comparison.file},
                     {"equal", comparison.equal()},
                     {"bytes", comparison.expected_bytes},
                     {"different_bytes", comparison.different_bytes}};
  if (!comparison.equal()) json["first_difference"] = comparison.first_difference;
  return json;
}

void PrintText(const ProgramRun& run, const vta::VtaMachine& machine) {
  const vta::SimulationResult& result = run.result;
  PrintOut("data {}\n", vta::Describe(machine.semantics));
  PrintOut("outcome: {}\n", vta::ToString(result.outcome));
  if (!result.message.empty()) PrintOut("  {}\n", result.message);
  for (const std::string& warning : result.warnings) PrintOut("warning: {}\n", warning);
  for (const MemoryComparison& comparison : run.comparisons) {
    PrintOut("{}: {}\n", comparison.file, ToText(comparison));
  }
  PrintOut("\n{}\n{}", vta::CyclesText(result), vta::WorkText(result.work));
  if (result.finished()) {
    PrintOut("\n{}", vta::UtilizationText(vta::MeasureUtilization(result, machine.geometry)));
  }
}

base::Json ToJson(const ProgramRun& run, const vta::VtaMachine& machine) {
  const vta::SimulationResult& result = run.result;
  base::Json json = {{"semantics", vta::ToString(machine.semantics)},
                     {"outcome", vta::ToString(result.outcome)},
                     {"message", result.message},
                     {"warnings", result.warnings},
                     {"comparisons", base::Json::Array()},
                     {"cycles", result.cycles},
                     {"seconds", result.seconds},
                     {"units", vta::CyclesJson(result).at("units")},
                     {"work", vta::WorkJson(result.work)}};
  for (const MemoryComparison& comparison : run.comparisons) {
    json["comparisons"].push_back(ToJson(comparison));
  }
  if (result.finished()) {
    json["utilization"] = vta::UtilizationJson(vta::MeasureUtilization(result, machine.geometry));
  }
  return json;
}

void Print(const VtaRunArguments& arguments, const ProgramRun& run, const vta::VtaMachine& machine,
           const vta::Timeline& timeline) {
  if (!arguments.json) {
    PrintText(run, machine);
    if (arguments.timeline > 0) PrintOut("\n{}", timeline.Text());
    return;
  }
  base::Json json = ToJson(run, machine);
  if (arguments.timeline > 0) json["timeline"] = timeline.ToJson();
  PrintOut("{}\n", json.Dump(2));
}

}  // namespace

Result<ExitCode> RunVtaProgram(const VtaRunArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(vta::VtaMachine machine, FindVtaMachine(session.env, arguments.target));
  if (!arguments.semantics.empty()) {
    const auto semantics = vta::ParseSemantics(arguments.semantics);
    FOOTHOLD_CHECK(semantics.has_value(), "the option takes no other value");
    machine.semantics = *semantics;
  }
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "--output", arguments.output,
                                          vta::ProgramFileNames(arguments.directory)));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const vta::ProgramFiles files,
      vta::LoadProgramFiles(session.env, arguments.directory, machine.geometry));
  vta::Timeline timeline(arguments.timeline);
  const ProgramRun run = RunProgram(files, machine, &timeline);
  if (!arguments.output.empty()) {
    const auto* bytes = reinterpret_cast<const char*>(run.output.data());
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.output, {bytes, run.output.size()}));
  }
  Print(arguments, run, machine, timeline);
  return run.ok() ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace foothold::cli
