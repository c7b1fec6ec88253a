#include "targets/opencl/runner/device.h"

#include <fmt/core.h>

#include <array>
#include <vector>

#include "targets/opencl/runner/failure.h"

namespace foothold::opencl_runner {
namespace {

struct Entry {
  Device device;
  std::size_t platform_number = 0;
  std::size_t device_number = 0;
};

std::string PlatformText(cl_platform_id platform, cl_platform_info field) {
  std::size_t size = 0;
  clGetPlatformInfo(platform, field, 0, nullptr, &size);
  std::string text(size, '\0');
  clGetPlatformInfo(platform, field, size, text.data(), nullptr);
  while (text.ends_with('\0')) text.pop_back();
  return text;
}

std::vector<Entry> AllDevices() {
  cl_uint count = 0;
  // Without any driver the loader fails; that is no device, too.
  if (clGetPlatformIDs(0, nullptr, &count) != CL_SUCCESS) return {};
  std::vector<cl_platform_id> platforms(count);
  CheckSetup(clGetPlatformIDs(count, platforms.data(), nullptr), "clGetPlatformIDs");
  std::vector<Entry> entries;
  for (std::size_t p = 0; p < platforms.size(); ++p) {
    cl_uint devices = 0;
    if (clGetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, 0, nullptr, &devices) != CL_SUCCESS) {
      continue;  // a driver without a device
    }
    std::vector<cl_device_id> ids(devices);
    CheckSetup(clGetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, devices, ids.data(), nullptr),
               "clGetDeviceIDs");
    for (std::size_t d = 0; d < ids.size(); ++d) entries.push_back({{platforms[p], ids[d]}, p, d});
  }
  return entries;
}

}  // namespace

std::string DeviceText(cl_device_id device, cl_device_info field) {
  std::size_t size = 0;
  clGetDeviceInfo(device, field, 0, nullptr, &size);
  std::string text(size, '\0');
  clGetDeviceInfo(device, field, size, text.data(), nullptr);
  while (text.ends_with('\0')) text.pop_back();
  return text;
}

base::Json DescribeDevices() {
  auto json = base::Json::Array();
  for (const Entry& entry : AllDevices()) {
    const cl_device_id id = entry.device.id;
    std::array<std::size_t, 3> items{};
    clGetDeviceInfo(id, CL_DEVICE_MAX_WORK_ITEM_SIZES, sizeof(items), items.data(), nullptr);
    json.push_back(
        {{"platform", entry.platform_number},
         {"device", entry.device_number},
         {"platform_name", PlatformText(entry.device.platform, CL_PLATFORM_NAME)},
         {"name", DeviceText(id, CL_DEVICE_NAME)},
         {"version", DeviceText(id, CL_DEVICE_VERSION)},
         {"driver", DeviceText(id, CL_DRIVER_VERSION)},
         {"compute_units", DeviceNumber<cl_uint>(id, CL_DEVICE_MAX_COMPUTE_UNITS)},
         {"max_work_group", DeviceNumber<std::size_t>(id, CL_DEVICE_MAX_WORK_GROUP_SIZE)},
         {"max_work_items", items},
         {"local_bytes", DeviceNumber<cl_ulong>(id, CL_DEVICE_LOCAL_MEM_SIZE)}});
  }
  return json;
}

Device FindDevice(const base::Json& wanted) {
  const std::string name = wanted.at("name").string();
  for (const Entry& entry : AllDevices()) {
    const bool by_name =
        DeviceText(entry.device.id, CL_DEVICE_NAME).find(name) != std::string::npos ||
        PlatformText(entry.device.platform, CL_PLATFORM_NAME).find(name) != std::string::npos;
    const bool by_number = entry.platform_number == wanted.at("platform").Get<std::size_t>() &&
                           entry.device_number == wanted.at("device").Get<std::size_t>();
    if (name.empty() ? by_number : by_name) return entry.device;
  }
  throw Unavailable{fmt::format("there is no OpenCL device {}", wanted.Dump())};
}

}  // namespace foothold::opencl_runner
