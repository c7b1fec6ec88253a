
#include "base/json.h"
#include "studies/time_to_best/standings.h"
#include "studies/time_to_best/time_to_best.h"

namespace foothold::studies {
namespace {

base::Json RunJson(const RunSummary& run) {
  base::Json json = {{"trials", run.trials},   {"first_correct", run.first_correct},
                     {"invalid", run.invalid}, {"invalid_to_optimum", run.invalid_to_optimum},
                     {"builds", run.builds},   {"search_seconds", run.search_s}};
  for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
    json["goals"].push_back({{"name", kGoals[goal].name},
                             {"measurements", run.measured[goal]},
                             {"seconds", run.seconds[goal]},
                             {"builds", run.builds_to[goal]}});
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
  for (const Entry& entry : field.entries) {
    base::Json runs = base::Json::Array();
    for (const RunSummary& run : entry.runs) runs.push_back(RunJson(run));
    json["entries"].push_back({{"searcher", entry.entrant},
                               {"knowledge", ToString(entry.knowledge)},
                               {"runs", std::move(runs)}});
  }
  return json;
}

base::Json Optional(const std::optional<double>& value) {
  return value ? base::Json(*value) : base::Json();
}

base::Json StandingJson(const Standing& standing) {
  base::Json json = {{"searcher", standing.entrant},
                     {"knowledge", ToString(standing.knowledge)},
                     {"ratio", Optional(standing.ratio)},
                     {"ratio_in_mode", Optional(standing.ratio_in_mode)},
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

std::string ToJson(const TimeToBest& result) {
  base::Json json = {{"version", 1},
                     {"machine", result.machine},
                     {"seeds", result.options.seeds},
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
  return json.Dump(1) + "\n";
}

}  // namespace foothold::studies
