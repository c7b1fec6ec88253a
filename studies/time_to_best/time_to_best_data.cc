#include "studies/time_to_best/time_to_best_data.h"

#include <fmt/core.h>

#include <cmath>

#include "studies/time_to_best/standings.h"

namespace foothold::studies {
namespace {

/// More digits of a measured time would be noise.
double Milliseconds(double seconds) { return std::round(1e3 * seconds) / 1e3; }

/// What each run of an entry did, figure by figure: a list by seed of each.
base::Json EntryJson(const Entry& entry) {
  base::Json json = {{"searcher", entry.entrant}, {"knowledge", ToString(entry.knowledge)}};
  const auto add = [&](const std::string& name, const auto& value) {
    base::Json list = base::Json::Array();
    for (const RunSummary& run : entry.runs) list.push_back(value(run));
    json[name] = std::move(list);
  };
  add("trials", [](const RunSummary& run) { return run.trials; });
  add("first_correct", [](const RunSummary& run) { return run.first_correct; });
  add("invalid", [](const RunSummary& run) { return run.invalid; });
  add("invalid_to_optimum", [](const RunSummary& run) { return run.invalid_to_optimum; });
  add("builds", [](const RunSummary& run) { return run.builds; });
  add("search_seconds", [](const RunSummary& run) { return Milliseconds(run.search_s); });
  add("concluded", [](const RunSummary& run) { return run.concluded; });
  for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
    const std::string to = fmt::format("to {}: ", kGoals[goal].name);
    add(to + "measurements", [goal](const RunSummary& run) { return run.measured[goal]; });
    add(to + "seconds", [goal](const RunSummary& run) { return Milliseconds(run.seconds[goal]); });
    add(to + "builds", [goal](const RunSummary& run) { return run.builds_to[goal]; });
  }
  return json;
}

base::Json FieldJson(const Field& field) {
  base::Json json = {{"workload", field.workload},
                     {"configs", field.configs},
                     {"valid", field.valid},
                     {"best_seconds", field.best_seconds},
                     {"build_seconds", field.build_s}};
  for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
    json["good"].push_back({{"name", kGoals[goal].name}, {"configs", field.good[goal]}});
  }
  for (const Entry& entry : field.entries) json["entries"].push_back(EntryJson(entry));
  return json;
}

base::Json StandingJson(const Standing& standing) {
  base::Json json = {{"searcher", standing.entrant},
                     {"knowledge", ToString(standing.knowledge)},
                     {"ratio", standing.ratio},
                     {"ratio_in_mode", standing.ratio_in_mode},
                     {"first_correct", standing.first_correct},
                     {"invalid", standing.invalid},
                     {"invalid_to_optimum", standing.invalid_to_optimum},
                     {"builds", standing.builds},
                     {"minutes_to_optimum", standing.minutes},
                     {"search_ms_per_proposal", standing.search_ms}};
  for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
    json["goals"].push_back(
        {{"name", kGoals[goal].name},
         {"median_measurements", standing.median[goal]},
         {"interquartile_range", standing.interquartile[goal]},
         {"reached", standing.reached[goal]},
         {"minutes_with_expensive_builds", standing.minutes_expensive_builds[goal]}});
  }
  return json;
}

}  // namespace

base::Json DataOf(const TimeToBest& result) {
  base::Json json = {{"seeds", result.options.seeds},
                     {"first_seed", result.options.first_seed},
                     {"budget", result.options.budget},
                     {"batch_size", result.options.batch_size}};
  for (const Competition& competition : result.competitions) {
    base::Json entry = {{"target", competition.target}};
    for (const std::string& network : Networks(competition)) {
      base::Json standings = base::Json::Array();
      for (const Standing& standing : Standings(competition, network, result.options)) {
        standings.push_back(StandingJson(standing));
      }
      entry["networks"].push_back({{"name", network}, {"standings", std::move(standings)}});
    }
    for (const Field& field : competition.fields) entry["workloads"].push_back(FieldJson(field));
    json["targets"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace foothold::studies
