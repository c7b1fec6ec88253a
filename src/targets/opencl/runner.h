#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "targets/opencl/runner_report.h"

namespace foothold::opencl {

/// Calls foothold-opencl-runner, the program that speaks to OpenCL: nothing of the tuner does.
/// Thread-safe.
class Runner {
 public:
  /// `program` is a path, or a name that is looked for in PATH. `env` must outlive this.
  Runner(Env& env, std::string program) : env_(env), program_(std::move(program)) {}
  /// The one beside the running program, else one in PATH.
  static Runner Default(Env& env);

  /// The devices of all platforms, possibly none. NotFound when there is no runner: the message
  /// says what to install.
  Result<std::vector<Device>> Devices() const;

  /// "build", "run", "run-unverified" or "reference" with the request in `folder`, which is where
  /// drivers keep their caches, too.
  Result<ProcessResult> Do(const std::string& what, const std::string& folder,
                           const ProcessLimits& limits) const;

  /// The request's file name in the folder.
  static constexpr const char* kRequest = "request.json";

 private:
  Result<ProcessResult> Call(std::vector<std::string> arguments, const std::string& folder,
                             const ProcessLimits& limits) const;

  Env& env_;
  std::string program_;
};

}  // namespace foothold::opencl
