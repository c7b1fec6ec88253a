#pragma once

#include <CL/cl.h>

#include <string>

// The runner is a program of its own, which ends when it has reported: it throws what went wrong to
// main(), and leaves releasing to the end of the process.
namespace foothold::opencl_runner {

/// The candidate fails.
struct Failed {
  std::string outcome;  ///< "compile", "runtime" or "correctness"
  std::string stage;    ///< the OpenCL call, or what of the runner's own found it
  std::string reason;   ///< one line
};

/// Something other than the candidate fails: there is no device, a file cannot be read.
struct Unavailable {
  std::string reason;
};

/// "CL_INVALID_WORK_GROUP_SIZE (-54)".
std::string ErrorText(cl_int error);

/// Throws Failed with the call's name unless `error` is CL_SUCCESS; Unavailable when the error is
/// the machine's: the device is gone, the host has no memory.
void CheckRun(cl_int error, const char* call, const std::string& detail = "");
/// Throws Unavailable: for calls in which the candidate has no part yet.
void CheckSetup(cl_int error, const char* call);

}  // namespace foothold::opencl_runner
