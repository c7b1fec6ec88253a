#include "tune/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "foothold/workload.h"

namespace foothold {
namespace {

/// As Space::ToString, for a reader of logs who has no space.
std::string ValuesOf(const Config& config, const std::vector<Parameter>& parameters) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parts.push_back(
        fmt::format("{}={}", parameters[i].name, parameters[i].values[config.choices[i]]));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

SummaryRow MakeRow(const TrialRecord& record, const RunHeader& header,
                   const HardwareLimits& limits) {
  SummaryRow row;
  row.trial = record.trial;
  row.config = record.measurement.config;
  row.values = ValuesOf(row.config, header.parameters);
  row.seconds = record.measurement.MeanSeconds();
  const double operations_per_second =
      static_cast<double>(OperationCount(header.workload)) / row.seconds;
  row.gops = operations_per_second * 1e-9;
  if (limits.peak_operations_per_second > 0) {
    row.share_of_peak = operations_per_second / limits.peak_operations_per_second;
  }
  if (limits.roofline_seconds > 0) row.share_of_roofline = limits.roofline_seconds / row.seconds;
  return row;
}

}  // namespace

HardwareLimits LimitsOf(const TargetTask& task) {
  return {task.PeakOperationsPerSecond(), task.RooflineSeconds()};
}

std::vector<SummaryRow> BestTrials(const RunLog& run, const HardwareLimits& limits,
                                   std::size_t count) {
  std::vector<std::pair<double, const TrialRecord*>> correct;
  for (const TrialRecord& record : run.trials) {
    if (record.measurement.outcome != Outcome::kCorrect) continue;
    correct.emplace_back(record.measurement.MeanSeconds(), &record);
  }
  std::stable_sort(correct.begin(), correct.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  correct.resize(std::min(count, correct.size()));
  std::vector<SummaryRow> rows;
  for (const auto& [seconds, record] : correct)
    rows.push_back(MakeRow(*record, run.header, limits));
  return rows;
}

}  // namespace foothold
