#pragma once

#include <string>

#include "cli/common/command.h"

namespace foothold::cli {

struct ConvertArguments {
  std::string from;  ///< "autotvm", "foothold", "t4", "kernel-tuner" or "ktt"
  std::string to;    ///< any of them but "ktt"
  std::string in;
  std::string out;      ///< "-": the standard output
  bool strict = false;  ///< a record that is wrong is an error
  bool json = false;
};

/// Reads `in`, writes `out`, says on stderr (or as JSON on stdout) how much of it could be
/// converted.
Result<ExitCode> RunConvert(const ConvertArguments& arguments, const Session& session);

}  // namespace foothold::cli
