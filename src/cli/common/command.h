#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::cli {

/// What the process ends with. Scripts depend on the numbers: do not change them.
enum class ExitCode {
  kOk = 0,
  kNo = 1,           ///< the question's answer is no: outputs differ, nothing correct was found
  kBadInput = 2,     ///< arguments or files that are wrong; one line on stderr says how
  kEnvironment = 3,  ///< the operating system refused, or something outside did not answer
  kInterrupted = 130,
};
ExitCode ExitCodeFor(StatusCode code);

/// What the commands see of the world.
struct Session {
  Env& env;
  const std::atomic<bool>& interrupt;  ///< turns true on the first SIGINT or SIGTERM
};

/// A sub-command with its parsed arguments. A Status is printed as "PROGRAM: <message>".
using Command = std::function<Result<ExitCode>(const Session&)>;

}  // namespace foothold::cli
