#include "targets/opencl/runner.h"

#include <fmt/core.h>

#include <utility>

#include "base/beside_this_program.h"
#include "targets/child/folder.h"
#include "targets/child/output_line.h"
#include "targets/child/process_failure.h"

namespace foothold::opencl {
namespace {

constexpr const char* kProgram = "foothold-opencl-runner";
/// A driver may take seconds to wake a device up, not minutes.
constexpr double kDevicesTimeout_s = 60;

}  // namespace

Runner Runner::Default(Env& env) {
  std::string beside = base::BesideThisProgram(kProgram);
  return {env, env.FileExists(beside) ? std::move(beside) : kProgram};
}

Result<std::vector<Device>> Runner::Devices() const {
  FOOTHOLD_ASSIGN_OR_RETURN(const child::OwnedFolder folder,
                            child::OwnedFolder::Create(env_, "foothold-opencl-"));
  const ProcessLimits limits = child::CandidateLimits(kDevicesTimeout_s);
  FOOTHOLD_ASSIGN_OR_RETURN(const ProcessResult process, Call({"devices"}, folder.path(), limits));
  if (!process.succeeded()) {
    return Status::IoError(fmt::format(
        "{}: {}", program_, child::ReasonOf(process, limits, child::LastLine(process.err.text))));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(RunnerReport report, ParseRunnerReport(process.out.text));
  if (!report.unavailable.empty()) return Status::IoError(report.unavailable);
  return std::move(report.devices);
}

Result<ProcessResult> Runner::Do(const std::string& what, const std::string& folder,
                                 const ProcessLimits& limits) const {
  return Call({what, kRequest}, folder, limits);
}

Result<ProcessResult> Runner::Call(std::vector<std::string> arguments, const std::string& folder,
                                   const ProcessLimits& limits) const {
  ProcessCommand command;
  command.argv = {program_};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.directory = folder;
  command.environment = {{"LC_ALL", "C"}, {"POCL_CACHE_DIR", folder + "/pocl-cache"}};
  command.limits = limits;
  Result<ProcessResult> process = env_.RunProcess(command, nullptr);
  if (process.ok() || process.status().code() != StatusCode::kNotFound) return process;
  return Status::NotFound(fmt::format(
      "there is no program {}: it is built where OpenCL is installed (Debian: apt install "
      "ocl-icd-opencl-dev pocl-opencl-icd, then configure and build again)",
      kProgram));
}

}  // namespace foothold::opencl
