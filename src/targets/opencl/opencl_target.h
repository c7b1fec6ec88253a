#pragma once

#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "targets/opencl/runner.h"

namespace foothold::opencl {

/// The target "opencl:<path>": the kernel of a T1 file (docs/formats/t1.md), on an OpenCL device.
/// `env` must outlive the target and its tasks. Errors of the file name file, line and field;
/// whether there is a device is found out by Prepare.
Result<std::unique_ptr<Target>> MakeOpenclTarget(Env& env, const std::string& path, Runner runner);

}  // namespace foothold::opencl
