#pragma once

#include <vector>

#include "base/json.h"
#include "targets/opencl/runner/kernel.h"

namespace foothold::opencl_runner {

/// A kernel with its arguments on the device.
class Launch {
 public:
  /// Allocates and fills the arguments as the request says. Throws Failed "runtime".
  Launch(const Kernel& kernel, const base::Json& request);

  /// Runs the kernel once; its seconds by the device's clock.
  double Once();
  /// Throws Failed "correctness" unless nothing was written behind a buffer's end and every output
  /// equals its reference.
  void Verify() const;
  /// Writes the outputs that the request wants to keep to their files.
  void SaveOutputs() const;

 private:
  struct Argument {
    const base::Json* request = nullptr;
    std::string bytes;  // of a buffer what it holds at first, without the guard; of a scalar itself
    cl_mem buffer = nullptr;
  };

  void SetBuffer(cl_uint index, Argument& argument);
  std::string Read(const Argument& argument) const;

  const Kernel& kernel_;
  const base::Json& request_;
  std::vector<Argument> arguments_;
};

}  // namespace foothold::opencl_runner
