#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "foothold/workload.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/vta_target.h"

namespace foothold::vta {

/// A schedule of TVM's template that somebody ran on a real board.
struct MeasuredSchedule {
  Workload workload;
  std::vector<std::int64_t> values;  ///< the template's parameters, in order
  double seconds = 0;                ///< per call, > 0
  double wall_clock = 0;             ///< when, in seconds since 1970
};

/// The successful records of VTA tasks in an AutoTVM log, in the log's order. `path` is for errors.
Result<std::vector<MeasuredSchedule>> ReadMeasuredSchedules(std::string_view log,
                                                            std::string_view path);

/// The instructions for a schedule; nullopt when it does not compile or the JIT refuses it.
/// InvalidArgument when the machine cannot take the workload.
Result<std::optional<vta::DeviceProgram>> CompileSchedule(const vta::VtaMachine& machine,
                                                          const Workload& workload,
                                                          const std::vector<std::int64_t>& values);

}  // namespace foothold::vta
