#pragma once

#include <CL/cl.h>

#include <cstdint>
#include <string>

#include "base/json.h"

namespace foothold::opencl_runner {

struct Device {
  cl_platform_id platform = nullptr;
  cl_device_id id = nullptr;
};

/// All devices of all platforms: [{"platform": 0, "device": 0, "name": ..., ...}, ...].
base::Json DescribeDevices();

/// The device {"platform": 0, "device": 0, "name": ""}; a name that is not empty must occur in the
/// name of the device or of its platform, and then the numbers do not count.
Device FindDevice(const base::Json& wanted);

std::string DeviceText(cl_device_id device, cl_device_info field);

template <typename T>
T DeviceNumber(cl_device_id device, cl_device_info field) {
  T value{};
  clGetDeviceInfo(device, field, sizeof(value), &value, nullptr);
  return value;
}

}  // namespace foothold::opencl_runner
