#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "foothold/target.h"

// What foothold-opencl-runner says, on the last line of its stdout: one JSON object.
namespace foothold::opencl {

/// An OpenCL device and the limits that matter to a launch.
struct Device {
  std::size_t platform = 0;
  std::size_t device = 0;
  std::string platform_name;
  std::string name;
  std::string version;
  std::string driver;  ///< the driver's own version
  std::int64_t compute_units = 0;
  std::int64_t max_work_group = 0;
  std::array<std::int64_t, 3> max_work_items = {};
  std::int64_t local_bytes = 0;
};

struct RunnerReport {
  std::optional<Failure> failure;  ///< its stage is without "build." or "run."
  std::string unavailable;         ///< not empty: why nothing is known about the candidate
  std::vector<double> seconds;     ///< of a run, one per repeat, all above 0
  Metrics metrics;                 ///< of a build
  std::vector<Device> devices;     ///< of "devices"
};

/// InvalidArgument when the last line is no report: the program broke off, or something else wrote
/// to its stdout.
Result<RunnerReport> ParseRunnerReport(std::string_view out);

}  // namespace foothold::opencl
