#pragma once

#include <cstddef>
#include <string>

#include "cli/common/command.h"

namespace foothold::cli {

struct VtaRunArguments {
  std::string directory;
  std::string target = "vta:pynq";
  std::size_t timeline = 0;  ///< instructions to show
  std::string semantics;     ///< "fsim" or "chisel"; empty: the machine's own
  std::string output;        ///< file for the output memory; empty: none
  bool json = false;
};

/// Runs the raw program in `directory`, compares with what is expected there, prints where the
/// cycles and bytes went. kNo when it did not finish or computed something else.
Result<ExitCode> RunVtaProgram(const VtaRunArguments& arguments, const Session& session);

}  // namespace foothold::cli
