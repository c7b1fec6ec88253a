#pragma once

#include <string>

#include "cli/common/command.h"

namespace foothold::cli {

struct RulesArguments {
  std::string log;
  bool json = false;
};

/// Prints what the trials of a log teach about which configs are valid.
Result<ExitCode> RunRules(const RulesArguments& arguments, const Session& session);

}  // namespace foothold::cli
