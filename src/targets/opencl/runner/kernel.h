#pragma once

#include <CL/cl.h>

#include "base/json.h"
#include "targets/opencl/runner/device.h"

namespace foothold::opencl_runner {

/// A kernel ready for its arguments, on a queue that keeps times.
struct Kernel {
  Device device;
  cl_context context = nullptr;
  cl_command_queue queue = nullptr;
  cl_program program = nullptr;
  cl_kernel kernel = nullptr;
};

/// Compiles the request's source. Throws Failed "compile" with the compiler's first error.
Kernel Compile(const base::Json& request);
/// The same from what SaveBinary wrote.
Kernel Load(const base::Json& request);
void SaveBinary(const Kernel& kernel, const base::Json& request);

/// What is known of the kernel before it runs, and what the device has for it.
base::Json MetricsOf(const Kernel& kernel, const base::Json& request);

}  // namespace foothold::opencl_runner
