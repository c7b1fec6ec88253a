#include "targets/opencl/opencl_target.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/file_limits.h"
#include "targets/opencl/kernel_file.h"
#include "targets/opencl/opencl_task.h"

namespace foothold::opencl {
namespace {

bool IsChosen(const Device& device, const DeviceChoice& choice) {
  if (choice.name.empty()) {
    return device.platform == choice.platform && device.device == choice.device;
  }
  return device.name.find(choice.name) != std::string::npos ||
         device.platform_name.find(choice.name) != std::string::npos;
}

/// The device that the file asks for, else the first.
Result<Device> Choose(const std::vector<Device>& devices, const KernelFile& file) {
  if (devices.empty()) {
    return Status::NotFound(
        "there is no OpenCL device: install a driver, for the CPU PoCL (Debian: apt install "
        "pocl-opencl-icd)");
  }
  const auto found = std::find_if(devices.begin(), devices.end(), [&](const Device& device) {
    return IsChosen(device, file.device);
  });
  if (found != devices.end()) return *found;
  std::string known;
  for (const Device& device : devices) {
    known += fmt::format("{}{}.{} {}", known.empty() ? "" : ", ", device.platform, device.device,
                         device.name);
  }
  return Status::NotFound(fmt::format(
      "{}: KernelSpecification.Device: there is no such device; there are {}", file.path, known));
}

class OpenclTarget : public Target {
 public:
  OpenclTarget(Env& env, KernelFile file, Runner runner)
      : env_(env), file_(std::move(file)), runner_(std::move(runner)) {}

  std::string name() const override { return "opencl:" + file_.path; }

  std::string description() const override {
    return fmt::format("OpenCL kernel {} of {}", file_.launch.kernel_name, file_.path);
  }

  Result<std::unique_ptr<TargetTask>> Prepare(const Workload& workload) const override {
    FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<Device> devices, runner_.Devices());
    FOOTHOLD_ASSIGN_OR_RETURN(Device device, Choose(devices, file_));
    return OpenclTask::Create(env_, runner_, file_, workload, std::move(device));
  }

 private:
  Env& env_;
  const KernelFile file_;
  const Runner runner_;
};

}  // namespace

Result<std::unique_ptr<Target>> MakeOpenclTarget(Env& env, const std::string& path, Runner runner) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::string json,
                            env.ReadFile(path, base::kMostDescriptionBytes));
  FOOTHOLD_ASSIGN_OR_RETURN(KernelFile file, ParseKernelFile(json, path));
  return std::unique_ptr<Target>(
      std::make_unique<OpenclTarget>(env, std::move(file), std::move(runner)));
}

}  // namespace foothold::opencl
