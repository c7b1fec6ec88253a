// foothold best: the fastest correct configs of a record log.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/log_runs.h"
#include "cli/schedule.h"
#include "foothold/record.h"
#include "foothold/targets.h"

namespace foothold::cli {
namespace {

constexpr const char* kFooter =
    R"(Runs of the same workload on the same target count together, whatever their searcher and seed.

Example: the three best schedules of each layer
  foothold best resnet18.jsonl --top 3)";

struct BestArguments {
  std::string log;
  std::size_t top = 1;
  bool json = false;
};

// All runs of one workload on one target, in the order of the log's first.
struct Group {
  const RunHeader* header;
  std::vector<const Measurement*> correct;  // the fastest first
  std::uint64_t tried = 0;
};

std::vector<Group> GroupRuns(const LogContents& contents) {
  std::vector<Group> groups;
  for (const auto& runs : RunsByQuestion(contents)) {
    Group& group = groups.emplace_back(Group{&runs.front()->header, {}, 0});
    for (const RunLog* run : runs) {
      group.tried += run->trials.size();
      for (const TrialRecord& trial : run->trials) {
        if (trial.measurement.outcome == Outcome::kCorrect) {
          group.correct.push_back(&trial.measurement);
        }
      }
    }
  }
  return groups;
}

// The fastest `top` different configs of the group; one config may have been measured by two runs.
std::vector<const Measurement*> Fastest(std::vector<const Measurement*> correct, std::size_t top) {
  std::stable_sort(correct.begin(), correct.end(), [](const Measurement* a, const Measurement* b) {
    return a->MeanSeconds() < b->MeanSeconds();
  });
  std::vector<const Measurement*> fastest;
  for (const Measurement* candidate : correct) {
    if (fastest.size() == top) break;
    const bool seen = std::any_of(fastest.begin(), fastest.end(), [&](const Measurement* m) {
      return m->config == candidate->config;
    });
    if (!seen) fastest.push_back(candidate);
  }
  return fastest;
}

// Null when this build does not know the target: the log is readable all the same.
std::unique_ptr<TargetTask> TaskFor(const RunHeader& header, Env& env) {
  const auto target = MakeTarget(env, header.target);
  if (!target.ok()) return nullptr;
  auto task = (*target)->Prepare(header.workload);
  return task.ok() ? std::move(*task) : nullptr;
}

Result<std::vector<ScheduleRow>> RowsOf(const Group& group, std::size_t top, Env& env) {
  const RunHeader& header = *group.header;
  const auto task = TaskFor(header, env);
  const ScheduleRow counts{header.workload, std::nullopt, group.correct.size(), group.tried};
  std::vector<ScheduleRow> rows;
  for (const Measurement* measurement : Fastest(group.correct, top)) {
    rows.push_back(counts);
    FOOTHOLD_ASSIGN_OR_RETURN(
        rows.back().schedule,
        MakeSchedule(header.workload, header.target, header.parameters, *measurement, task.get()));
  }
  if (rows.empty()) rows.push_back(counts);
  return rows;
}

nlohmann::ordered_json ToJson(const ScheduleRow& row, const std::string& target) {
  nlohmann::ordered_json json = {{"workload", row.workload.name},
                                 {"target", target},
                                 {"correct", row.correct},
                                 {"tried", row.tried},
                                 {"schedule", nullptr}};
  if (row.schedule) json["schedule"] = ToJson(*row.schedule);
  return json;
}

Result<ExitCode> RunBest(const BestArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLog(session.env, arguments.log));
  if (contents.repaired) fmt::print(stderr, "foothold: note: {}\n", *contents.repaired);
  std::vector<ScheduleRow> all;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Group& group : GroupRuns(contents)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const auto rows, RowsOf(group, arguments.top, session.env));
    for (const ScheduleRow& row : rows) json.push_back(ToJson(row, group.header->target));
    all.insert(all.end(), rows.begin(), rows.end());
  }
  if (arguments.json) fmt::print("{}\n", json.dump(2));
  if (!arguments.json) fmt::print("{}", ScheduleTable(all));
  const bool found = std::any_of(all.begin(), all.end(),
                                 [](const ScheduleRow& row) { return row.schedule.has_value(); });
  return found ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddBest(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<BestArguments>();
  CLI::App* best = app.add_subcommand("best", "Show the fastest schedules of a record log");
  best->footer(kFooter);
  best->add_option("LOG", arguments->log, "Record log")->required();
  best->add_option("--top", arguments->top, "How many schedules of each workload")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  best->add_flag("--json", arguments->json, "Print a JSON array");
  best->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunBest(*arguments, session); };
  });
}

}  // namespace foothold::cli
