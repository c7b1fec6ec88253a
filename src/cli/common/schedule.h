#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/workload.h"

namespace foothold::cli {

/// A correct config with its time, in the terms people compare.
struct Schedule {
  Workload workload;
  std::string target;
  std::vector<Parameter> parameters;
  Config config;
  std::uint64_t index = 0;  ///< AutoTVM's
  double seconds = 0;
  double gops = 0;                          ///< 10^9 operations (2 per MAC) per second
  std::optional<double> share_of_peak;      ///< of the target's operations per second
  std::optional<double> share_of_roofline;  ///< least possible time / time
};

/// REQUIRES: measurement.outcome() == kCorrect. `task` may be null: the shares are unknown then.
/// Fails when `parameters` are not those of a space.
Result<Schedule> MakeSchedule(const Workload& workload, const std::string& target,
                              const std::vector<Parameter>& parameters,
                              const Measurement& measurement, const TargetTask* task);

/// What a table row says besides the schedule.
struct ScheduleRow {
  Workload workload;
  std::optional<Schedule> schedule;  ///< nullopt: nothing correct was found
  std::uint64_t correct = 0;         ///< trials
  std::uint64_t tried = 0;
};

/// "resnet18.C2: 3 schedules cannot be told apart: index 12, 575, 13"; empty for fewer than two.
std::string TiedText(const Workload& workload, const std::vector<Schedule>& tied);

/// layer, time, GOPS, shares, correct of tried, index, schedule.
std::string ScheduleTable(const std::vector<ScheduleRow>& rows);

base::Json ToJson(const Schedule& schedule);

}  // namespace foothold::cli
