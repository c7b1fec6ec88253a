#include "cli/common/schedule.h"

#include <fmt/core.h>

#include "base/json.h"
#include "base/table.h"
#include "cli/common/arguments.h"
#include "cli/common/figures.h"
#include "core/space/parameters_json.h"

namespace foothold::cli {
namespace {

// Targets answer 0 for what they do not know.
std::optional<double> Share(double part, double whole) {
  if (part <= 0 || whole <= 0) return std::nullopt;
  return part / whole;
}

}  // namespace

Result<Schedule> MakeSchedule(const Workload& workload, const std::string& target,
                              const std::vector<Parameter>& parameters,
                              const Measurement& measurement, const TargetTask* task) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Space space, Space::Create(parameters));
  Schedule schedule;
  schedule.workload = workload;
  schedule.target = target;
  schedule.parameters = parameters;
  schedule.config = measurement.config;
  schedule.index = space.IndexOf(measurement.config);
  schedule.seconds = measurement.MedianSeconds();
  const double per_second = static_cast<double>(OperationCount(workload)) / schedule.seconds;
  schedule.gops = per_second / 1e9;
  if (task != nullptr) {
    schedule.share_of_peak = Share(per_second, task->traits().peak_operations_per_second);
    schedule.share_of_roofline = Share(task->traits().roofline_seconds, schedule.seconds);
  }
  return schedule;
}

std::string TiedText(const Workload& workload, const std::vector<Schedule>& tied) {
  if (tied.size() < 2) return "";
  std::string indices;
  for (const Schedule& schedule : tied) {
    indices += fmt::format("{}{}", indices.empty() ? "" : ", ", schedule.index);
  }
  return fmt::format("{}: {} schedules cannot be told apart: index {}\n", workload.name,
                     tied.size(), indices);
}

std::string ScheduleTable(const std::vector<ScheduleRow>& rows) {
  using Align = base::Table::Align;
  base::Table table({{"layer"},
                     {"time ms", Align::kRight},
                     {"GOPS", Align::kRight},
                     {"of peak", Align::kRight},
                     {"of roofline", Align::kRight},
                     {"correct/tried", Align::kRight},
                     {"index", Align::kRight},
                     {"schedule"}});
  for (const ScheduleRow& row : rows) {
    const std::string tried = fmt::format("{}/{}", row.correct, row.tried);
    if (!row.schedule) {
      table.AddRow({row.workload.name, "-", "-", "-", "-", tried, "-", "nothing correct found"});
      continue;
    }
    const Schedule& best = *row.schedule;
    table.AddRow({row.workload.name, Milliseconds(best.seconds), Gops(best.gops),
                  Percent(best.share_of_peak), Percent(best.share_of_roofline), tried,
                  std::to_string(best.index), DescribeConfig(best.parameters, best.config)});
  }
  return table.ToText();
}

base::Json ToJson(const Schedule& schedule) {
  base::Json config;
  for (std::size_t i = 0; i < schedule.parameters.size(); ++i) {
    const Parameter& parameter = schedule.parameters[i];
    config[parameter.name] = space::ToJson(parameter.ValueAt(schedule.config.choices[i]));
  }
  base::Json json = {{"index", schedule.index},
                     {"config", config},
                     {"seconds", schedule.seconds},
                     {"gops", schedule.gops}};
  if (schedule.share_of_peak) json["share_of_peak"] = *schedule.share_of_peak;
  if (schedule.share_of_roofline) json["share_of_roofline"] = *schedule.share_of_roofline;
  return json;
}

}  // namespace foothold::cli
