#include "cli/vta_build.h"

#include <fmt/core.h>

#include <memory>

#include "base/json.h"
#include "cli/common/arguments.h"
#include "cli/common/machine_argument.h"
#include "cli/common/output.h"
#include "targets/vta/isa/program_files.h"
#include "targets/vta/vta_task.h"

namespace foothold::cli {
namespace {

constexpr const char* kExpectedOutSram = "expected_out_sram.bin";

Result<ExitCode> SayWhyNot(const VtaBuildArguments& arguments, const std::string& stage,
                           const std::string& reason) {
  if (arguments.json) {
    PrintOut("{}\n", base::Json({{"built", false}, {"stage", stage}, {"reason", reason}}).Dump(2));
  } else {
    PrintOut("not built: {}: {}\n", stage, reason);
  }
  return ExitCode::kNo;
}

void SayWhatWasWritten(const VtaBuildArguments& arguments, const vta::DeviceProgram& program) {
  if (arguments.json) {
    PrintOut("{}\n", base::Json({{"built", true},
                                 {"directory", arguments.directory},
                                 {"instructions", program.instructions.size()},
                                 {"uops", program.uops.size()}})
                         .Dump(2));
    return;
  }
  PrintOut("wrote {}: {} instructions, {} micro-ops\n", arguments.directory,
           program.instructions.size(), program.uops.size());
}

}  // namespace

Result<ExitCode> BuildVtaProgram(const VtaBuildArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload,
                            ResolveOneWorkload(arguments.workload, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const vta::VtaMachine machine,
                            FindVtaMachine(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto prepared, vta::VtaTask::Create(machine, workload));
  const auto& task = static_cast<const vta::VtaTask&>(*prepared);
  FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ParseConfig(arguments.config, task.space()));
  const std::string stale = fmt::format("{}/{}", arguments.directory, kExpectedOutSram);
  if (session.env.FileExists(stale)) {
    return Status::InvalidArgument(
        fmt::format("-o {}: holds {}, which another program left there; name another directory",
                    arguments.directory, kExpectedOutSram));
  }

  const BuildResult build = task.Build(config);
  if (!build.ok()) return SayWhyNot(arguments, build.failure->stage, build.failure->reason);
  const auto& program = static_cast<const vta::VtaProgram&>(*build.program);
  if (program.device_program() == nullptr) {
    const vta::Rejection& rejection = program.jit_rejection();
    return SayWhyNot(arguments, rejection.stage, rejection.reason);
  }
  FOOTHOLD_RETURN_IF_ERROR(vta::DumpProgramFiles(session.env, arguments.directory,
                                                 task.MakeProgramFiles(*program.device_program()),
                                                 machine.geometry));
  SayWhatWasWritten(arguments, *program.device_program());
  return ExitCode::kOk;
}

}  // namespace foothold::cli
