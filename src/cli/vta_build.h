#pragma once

#include <string>

#include "cli/common/command.h"

namespace foothold::cli {

struct VtaBuildArguments {
  std::string workload;
  std::string config;
  std::string target = "vta:pynq";
  std::string directory;
  bool json = false;
};

/// Compiles a config and writes its program files into `directory`. kNo when the config does not
/// compile, or the board's runtime would refuse it; nothing is written then.
Result<ExitCode> BuildVtaProgram(const VtaBuildArguments& arguments, const Session& session);

}  // namespace foothold::cli
