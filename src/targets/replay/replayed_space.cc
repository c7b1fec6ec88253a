#include "foothold/replayed_space.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "formats/recorded_value.h"

namespace foothold {
namespace {

constexpr double kMillisecondsPerSecond = 1e3;

Parameter ToParameter(const RecordedParameter& recorded) {
  Parameter parameter{recorded.name, std::vector<std::int64_t>(recorded.values.size())};
  std::iota(parameter.values.begin(), parameter.values.end(), 0);
  const bool is_whole = std::all_of(
      recorded.values.begin(), recorded.values.end(),
      [](const ParameterValue& value) { return std::holds_alternative<std::int64_t>(value); });
  for (std::size_t i = 0; is_whole && i < recorded.values.size(); ++i) {
    parameter.values[i] = std::get<std::int64_t>(recorded.values[i]);
  }
  return parameter;
}

Result<Space> SpaceOf(const RecordedSpace& recorded) {
  std::vector<Parameter> parameters;
  std::vector<std::string> names;
  for (const RecordedParameter& parameter : recorded.parameters) {
    parameters.push_back(ToParameter(parameter));
    names.push_back(parameter.name);
  }
  std::vector<std::vector<std::int64_t>> rows;
  for (const RecordedTrial& trial : recorded.trials) {
    std::vector<std::int64_t>& row = rows.emplace_back();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      row.push_back(parameters[i].values[trial.config.choices[i]]);
    }
  }
  return Space::Create(parameters, {Constraint::OneOf("was recorded", names, rows)});
}

}  // namespace

ReplayedSpace::ReplayedSpace(RecordedSpace recorded, Space space,
                             std::vector<std::size_t> trial_of_rank)
    : recorded_(std::move(recorded)),
      space_(std::move(space)),
      trial_of_rank_(std::move(trial_of_rank)),
      has_benchmark_times_(
          std::any_of(recorded_.trials.begin(), recorded_.trials.end(),
                      [](const RecordedTrial& trial) { return trial.benchmark_ms > 0; })) {}

Result<ReplayedSpace> ReplayedSpace::Create(RecordedSpace recorded, std::string_view path) {
  if (recorded.trials.empty()) {
    return Status::InvalidArgument(fmt::format("{}: holds no config, must hold one", path));
  }
  if (recorded.objective != "time") {
    return Status::InvalidArgument(
        fmt::format("{}: was tuned for {}, must be for time: only less time is known to be better",
                    path, recorded.objective));
  }
  Result<Space> space = SpaceOf(recorded);
  if (!space.ok()) {
    return Status::InvalidArgument(fmt::format("{}: {}", path, space.status().message()));
  }
  std::vector<std::size_t> trial_of_rank(space->valid_count());
  for (std::size_t i = 0; i < recorded.trials.size(); ++i) {
    const auto rank = space->Rank(recorded.trials[i].config);
    FOOTHOLD_CHECK(rank.has_value());
    trial_of_rank[*rank] = i;
  }
  return ReplayedSpace(std::move(recorded), *std::move(space), std::move(trial_of_rank));
}

std::string ReplayedSpace::ValueText(std::size_t parameter, const Config& config) const {
  return foothold::ValueText(recorded_.parameters[parameter].values[config.choices[parameter]]);
}

std::string ReplayedSpace::ToString(const Config& config) const {
  std::string text;
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? "" : " ", recorded_.parameters[i].name,
                        ValueText(i, config));
  }
  return text;
}

bool WasBuilt(const RecordedTrial& trial) {
  return trial.outcome != Outcome::kConstraints && trial.outcome != Outcome::kCompile;
}

double Seconds(const RecordedTrial& trial) {
  FOOTHOLD_CHECK(trial.objective.has_value());
  return *trial.objective / kMillisecondsPerSecond;
}

double BuildCost(const RecordedTrial& trial) { return trial.compile_ms / kMillisecondsPerSecond; }

double ReplayedSpace::TrialCost(const RecordedTrial& trial) const {
  const double measuring = has_benchmark_times_
                               ? trial.benchmark_ms
                               : std::accumulate(trial.times_ms.begin(), trial.times_ms.end(), 0.0);
  return (trial.compile_ms + trial.verify_ms + measuring + trial.search_ms + trial.framework_ms) /
         kMillisecondsPerSecond;
}

}  // namespace foothold
