#include "cli/vta_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/program_run.h"
#include "vta/isa/program_files.h"

namespace foothold::cli {
namespace {

std::string ToText(const MemoryComparison& comparison) {
  if (comparison.equal()) return fmt::format("equal, {} bytes", comparison.expected_bytes);
  return fmt::format("DIFFERENT in {} of {} bytes, first at byte {}", comparison.different_bytes,
                     comparison.expected_bytes, comparison.first_difference);
}

nlohmann::ordered_json ToJson(const MemoryComparison& comparison) {
  nlohmann::ordered_json json = {{"file", comparison.file},
                                 {"equal", comparison.equal()},
                                 {"bytes", comparison.expected_bytes},
                                 {"different_bytes", comparison.different_bytes}};
  if (!comparison.equal()) json["first_difference"] = comparison.first_difference;
  return json;
}

void PrintText(const ProgramRun& run) {
  const vta::SimulationResult& result = run.result;
  fmt::print("outcome: {}\n", vta::ToString(result.outcome));
  if (!result.message.empty()) fmt::print("  {}\n", result.message);
  for (const std::string& warning : result.warnings) fmt::print("warning: {}\n", warning);
  for (const MemoryComparison& comparison : run.comparisons) {
    fmt::print("{}: {}\n", comparison.file, ToText(comparison));
  }
}

void PrintJson(const ProgramRun& run) {
  nlohmann::ordered_json json = {{"outcome", vta::ToString(run.result.outcome)},
                                 {"message", run.result.message},
                                 {"warnings", run.result.warnings},
                                 {"cycles", run.result.cycles},
                                 {"seconds", run.result.seconds},
                                 {"comparisons", nlohmann::ordered_json::array()}};
  for (const MemoryComparison& comparison : run.comparisons) {
    json["comparisons"].push_back(ToJson(comparison));
  }
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

Result<vta::VtaMachine> FindVtaMachine(Env& env, std::string_view target) {
  constexpr std::string_view kVta = "vta:";
  if (target.starts_with(kVta)) {
    return vta::FindMachine(env, std::string(target.substr(kVta.size())));
  }
  return Status::NotFound(
      fmt::format("target '{}' has no VTA programs; use vta:MACHINE or vta:FILE.json", target));
}

Result<ExitCode> RunVtaProgram(const VtaRunArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(
      const vta::ProgramFiles files,
      vta::LoadProgramFiles(session.env, arguments.directory, machine.geometry));
  const ProgramRun run = RunProgram(files, machine, nullptr);
  if (!arguments.output.empty()) {
    const auto* bytes = reinterpret_cast<const char*>(run.output.data());
    FOOTHOLD_RETURN_IF_ERROR(
        session.env.WriteFileAtomically(arguments.output, {bytes, run.output.size()}));
  }
  arguments.json ? PrintJson(run) : PrintText(run);
  return run.ok() ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace foothold::cli
