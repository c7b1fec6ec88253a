#include "targets/opencl/runner/launch.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>

#include "targets/opencl/runner/failure.h"
#include "targets/opencl/runner/files.h"
#include "targets/opencl/runner/verify.h"

namespace foothold::opencl_runner {
namespace {

/// Bytes behind each buffer that must stay as they are: a kernel that runs over the end of its
/// output often computes the right thing besides.
constexpr std::size_t kGuardBytes = 4096;
constexpr char kGuard = '\x5a';

using Sizes = std::array<std::size_t, 3>;

Sizes SizesIn(const base::Json& json) {
  return {json.at(0).Get<std::size_t>(), json.at(1).Get<std::size_t>(),
          json.at(2).Get<std::size_t>()};
}

std::string ToText(const Sizes& sizes) {
  return fmt::format("{}x{}x{}", sizes[0], sizes[1], sizes[2]);
}

/// What the buffer holds before the first run. An output that the kernel only writes begins with
/// what is wrong everywhere, so that an element that it leaves out shows.
std::string InitialBytes(const base::Json& argument) {
  if (argument.at("access").string() == "WriteOnly" && argument.contains("reference")) {
    std::string bytes = ReadWhole(argument.at("reference").at("path").string());
    for (char& byte : bytes) byte = static_cast<char>(~byte);
    return bytes;
  }
  return ReadWhole(argument.at("input").string());
}

}  // namespace

Launch::Launch(const Kernel& kernel, const base::Json& request)
    : kernel_(kernel), request_(request) {
  const base::Json& wanted = request_.at("arguments");
  cl_uint taken = 0;
  clGetKernelInfo(kernel_.kernel, CL_KERNEL_NUM_ARGS, sizeof(taken), &taken, nullptr);
  if (taken != wanted.size()) {
    throw Failed{
        "runtime", "clSetKernelArg",
        fmt::format("the kernel takes {} arguments, the file has {}", taken, wanted.size())};
  }
  for (cl_uint i = 0; i < taken; ++i) {
    Argument& argument = arguments_.emplace_back();
    argument.request = &wanted[i];
    const std::string name = argument.request->at("name").string();
    const std::string kind = argument.request->at("kind").string();
    if (kind == "buffer") {
      SetBuffer(i, argument);
    } else if (kind == "local") {
      CheckRun(clSetKernelArg(kernel_.kernel, i, argument.request->at("bytes").Get<std::size_t>(),
                              nullptr),
               "clSetKernelArg", name);
    } else {
      argument.bytes = ReadWhole(argument.request->at("input").string());
      CheckRun(clSetKernelArg(kernel_.kernel, i, argument.bytes.size(), argument.bytes.data()),
               "clSetKernelArg", name);
    }
  }
}

void Launch::SetBuffer(cl_uint index, Argument& argument) {
  argument.bytes = InitialBytes(*argument.request);
  const std::string name = argument.request->at("name").string();
  const std::string access = argument.request->at("access").string();
  std::string guarded = argument.bytes;
  guarded.append(kGuardBytes, kGuard);
  cl_int error = CL_SUCCESS;
  const cl_mem_flags flags = access == "ReadOnly" ? CL_MEM_READ_ONLY : CL_MEM_READ_WRITE;
  argument.buffer = clCreateBuffer(kernel_.context, flags | CL_MEM_COPY_HOST_PTR, guarded.size(),
                                   guarded.data(), &error);
  CheckRun(error, "clCreateBuffer", fmt::format("{} of {} bytes", name, argument.bytes.size()));
  CheckRun(clSetKernelArg(kernel_.kernel, index, sizeof(cl_mem), &argument.buffer),
           "clSetKernelArg", name);
}

double Launch::Once() {
  const Sizes global = SizesIn(request_.at("global"));
  const Sizes local = SizesIn(request_.at("local"));
  cl_event event = nullptr;
  CheckRun(clEnqueueNDRangeKernel(kernel_.queue, kernel_.kernel, 3, nullptr, global.data(),
                                  local.data(), 0, nullptr, &event),
           "clEnqueueNDRangeKernel",
           fmt::format("work-groups of {}, {} in all", ToText(local), ToText(global)));
  CheckRun(clWaitForEvents(1, &event), "clWaitForEvents");
  cl_ulong start = 0;
  cl_ulong end = 0;
  CheckSetup(
      clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof(start), &start, nullptr),
      "clGetEventProfilingInfo");
  CheckSetup(clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof(end), &end, nullptr),
             "clGetEventProfilingInfo");
  clReleaseEvent(event);
  if (end <= start) throw Unavailable{"the device's clock stood still while the kernel ran"};
  return static_cast<double>(end - start) * 1e-9;
}

std::string Launch::Read(const Argument& argument) const {
  std::string bytes(argument.bytes.size() + kGuardBytes, '\0');
  CheckRun(clEnqueueReadBuffer(kernel_.queue, argument.buffer, CL_TRUE, 0, bytes.size(),
                               bytes.data(), 0, nullptr, nullptr),
           "clEnqueueReadBuffer", argument.request->at("name").string());
  return bytes;
}

void Launch::Verify() const {
  for (const Argument& argument : arguments_) {
    if (argument.buffer == nullptr) continue;
    const std::string name = argument.request->at("name").string();
    std::string bytes = Read(argument);
    const auto guard = bytes.begin() + static_cast<std::ptrdiff_t>(argument.bytes.size());
    const auto written = std::find_if(guard, bytes.end(), [](char byte) { return byte != kGuard; });
    if (written != bytes.end()) {
      throw Failed{"correctness", "bounds",
                   fmt::format("{}: byte {} behind its end was written", name, written - guard)};
    }
    if (!argument.request->contains("reference")) continue;
    bytes.resize(argument.bytes.size());
    const base::Json& reference = argument.request->at("reference");
    const Comparison comparison{reference.at("type").string(), reference.at("method").string(),
                                reference.at("threshold").number()};
    const std::string expected = ReadWhole(reference.at("path").string());
    const std::string difference = DifferenceFrom(expected, bytes, comparison);
    if (!difference.empty()) throw Failed{"correctness", "verify", name + ": " + difference};
  }
}

void Launch::SaveOutputs() const {
  for (const Argument& argument : arguments_) {
    if (!argument.request->contains("output")) continue;
    std::string bytes = Read(argument);
    bytes.resize(argument.bytes.size());
    WriteWhole(argument.request->at("output").string(), bytes);
  }
}

}  // namespace foothold::opencl_runner
