#include "core/target/reported_values.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace foothold::target {
namespace {

constexpr const char* kStage = "run.result";

Failure Impossible(std::string reason) { return {Outcome::kRuntime, kStage, std::move(reason)}; }

std::optional<Failure> ImpossibleTime(const std::vector<double>& seconds) {
  if (seconds.empty()) return Impossible("reported no time, must report one");
  for (const double time : seconds) {
    if (std::isfinite(time) && time > 0) continue;
    return Impossible(
        fmt::format("reported a time of {} s, must be a finite number above 0", time));
  }
  return std::nullopt;
}

}  // namespace

RunResult WithPossibleValues(RunResult run) {
  if (!run.status.ok()) return run;
  std::optional<Failure> failure;
  if (run.outcome() == Outcome::kCorrect) failure = ImpossibleTime(run.seconds);
  if (!failure) failure = ImpossibleMetric(run.metrics, Outcome::kRuntime, kStage);
  if (!failure) return run;
  std::erase_if(run.metrics, [](const auto& metric) { return !std::isfinite(metric.second); });
  run.seconds.clear();
  // What had failed already keeps its own reason.
  if (!run.failure) run.failure = std::move(failure);
  run.slower_than_s.reset();
  return run;
}

std::optional<Failure> ImpossibleMetric(const Metrics& metrics, Outcome outcome,
                                        const std::string& stage) {
  for (const auto& [name, value] : metrics) {
    if (std::isfinite(value)) continue;
    return Failure{outcome, stage,
                   fmt::format("reported {} for the metric {}, must be finite", value, name)};
  }
  return std::nullopt;
}

}  // namespace foothold::target
