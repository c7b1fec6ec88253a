#include "targets/opencl/runner/kernel.h"

#include <fmt/core.h>

#include <string>
#include <vector>

#include "targets/opencl/runner/failure.h"
#include "targets/opencl/runner/files.h"

namespace foothold::opencl_runner {
namespace {

Kernel Open(const base::Json& request) {
  Kernel kernel;
  kernel.device = FindDevice(request.at("device"));
  cl_int error = CL_SUCCESS;
  kernel.context = clCreateContext(nullptr, 1, &kernel.device.id, nullptr, nullptr, &error);
  CheckSetup(error, "clCreateContext");
  kernel.queue =
      clCreateCommandQueue(kernel.context, kernel.device.id, CL_QUEUE_PROFILING_ENABLE, &error);
  CheckSetup(error, "clCreateCommandQueue");
  return kernel;
}

std::string BuildLog(const Kernel& kernel) {
  std::size_t size = 0;
  clGetProgramBuildInfo(kernel.program, kernel.device.id, CL_PROGRAM_BUILD_LOG, 0, nullptr, &size);
  std::string log(size, '\0');
  clGetProgramBuildInfo(kernel.program, kernel.device.id, CL_PROGRAM_BUILD_LOG, size, log.data(),
                        nullptr);
  while (log.ends_with('\0')) log.pop_back();
  return log;
}

/// Builds what `kernel.program` holds, and takes the kernel out of it.
void Build(Kernel& kernel, const base::Json& request) {
  const std::string options = request.at("options").string();
  const cl_int built =
      clBuildProgram(kernel.program, 1, &kernel.device.id, options.c_str(), nullptr, nullptr);
  if (built != CL_SUCCESS) {
    throw Failed{"compile", "clBuildProgram",
                 fmt::format("{}\n{}", ErrorText(built), BuildLog(kernel))};
  }
  cl_int error = CL_SUCCESS;
  const std::string name = request.at("kernel").string();
  kernel.kernel = clCreateKernel(kernel.program, name.c_str(), &error);
  if (error != CL_SUCCESS) {
    throw Failed{"compile", "clCreateKernel", fmt::format("{}: {}", ErrorText(error), name)};
  }
}

template <typename T>
T KernelNumber(const Kernel& kernel, cl_kernel_work_group_info field) {
  T value{};
  clGetKernelWorkGroupInfo(kernel.kernel, kernel.device.id, field, sizeof(value), &value, nullptr);
  return value;
}

}  // namespace

Kernel Compile(const base::Json& request) {
  Kernel kernel = Open(request);
  const std::string source = ReadWhole(request.at("source").string());
  const char* text = source.data();
  const std::size_t size = source.size();
  cl_int error = CL_SUCCESS;
  kernel.program = clCreateProgramWithSource(kernel.context, 1, &text, &size, &error);
  CheckSetup(error, "clCreateProgramWithSource");
  Build(kernel, request);
  return kernel;
}

Kernel Load(const base::Json& request) {
  Kernel kernel = Open(request);
  const std::string binary = ReadWhole(request.at("binary").string());
  const auto* bytes = reinterpret_cast<const unsigned char*>(binary.data());
  const std::size_t size = binary.size();
  cl_int error = CL_SUCCESS;
  kernel.program = clCreateProgramWithBinary(kernel.context, 1, &kernel.device.id, &size, &bytes,
                                             nullptr, &error);
  CheckSetup(error, "clCreateProgramWithBinary");
  Build(kernel, request);
  return kernel;
}

void SaveBinary(const Kernel& kernel, const base::Json& request) {
  std::size_t size = 0;
  CheckSetup(
      clGetProgramInfo(kernel.program, CL_PROGRAM_BINARY_SIZES, sizeof(size), &size, nullptr),
      "clGetProgramInfo");
  std::vector<unsigned char> binary(size);
  unsigned char* bytes = binary.data();
  CheckSetup(clGetProgramInfo(kernel.program, CL_PROGRAM_BINARIES, sizeof(bytes), &bytes, nullptr),
             "clGetProgramInfo");
  WriteWhole(request.at("binary").string(), {reinterpret_cast<const char*>(bytes), size});
}

base::Json MetricsOf(const Kernel& kernel, const base::Json& request) {
  auto local_bytes = KernelNumber<cl_ulong>(kernel, CL_KERNEL_LOCAL_MEM_SIZE);
  for (const base::Json& argument : request.at("arguments").elements()) {
    if (argument.at("kind").string() == "local")
      local_bytes += argument.at("bytes").Get<cl_ulong>();
  }
  return {
      {"device.local_bytes", DeviceNumber<cl_ulong>(kernel.device.id, CL_DEVICE_LOCAL_MEM_SIZE)},
      {"kernel.local_bytes", local_bytes},
      {"kernel.max_work_group", KernelNumber<std::size_t>(kernel, CL_KERNEL_WORK_GROUP_SIZE)},
      {"kernel.preferred_multiple",
       KernelNumber<std::size_t>(kernel, CL_KERNEL_PREFERRED_WORK_GROUP_SIZE_MULTIPLE)},
      {"kernel.private_bytes", KernelNumber<cl_ulong>(kernel, CL_KERNEL_PRIVATE_MEM_SIZE)}};
}

}  // namespace foothold::opencl_runner
