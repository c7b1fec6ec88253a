#pragma once

#include <string>

#include "cli/common/command.h"

namespace foothold::cli {

struct RepairArguments {
  std::string log;
  std::string output;  ///< empty: the log itself
  bool json = false;
};

/// Saves what can be read of a damaged log, and says what cannot.
Result<ExitCode> RunRepair(const RepairArguments& arguments, const Session& session);

}  // namespace foothold::cli
