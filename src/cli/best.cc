// foothold best: the fastest correct configs of a record log.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/common/files.h"
#include "cli/common/log_target.h"
#include "cli/common/output.h"
#include "cli/common/schedule.h"
#include "foothold/record.h"
#include "records/log/problems.h"
#include "report/page/ranking.h"

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
  std::vector<report::RankedTrial> correct;
  std::uint64_t tried = 0;
};

std::vector<Group> GroupRuns(const LogContents& contents) {
  std::vector<Group> groups;
  for (const auto& runs : RunsByQuestion({&contents})) {
    Group& group = groups.emplace_back(Group{&runs.front()->header, report::RankTrials(runs), 0});
    for (const RunLog* run : runs) group.tried += run->trials.size();
  }
  return groups;
}

// What is said about a group.
struct Answer {
  std::vector<ScheduleRow> rows;
  std::vector<Schedule> tied;  // in the final of the best one's run
};

Result<Answer> AnswerFor(const Group& group, std::size_t top, Env& env) {
  const RunHeader& header = *group.header;
  const auto found = TaskFor(header, env);
  const TargetTask* task = found.ok() ? found->get() : nullptr;
  const auto schedule_of = [&](const Measurement& measurement) {
    return MakeSchedule(header.workload, header.target, header.parameters, measurement, task);
  };
  const ScheduleRow counts{header.workload, std::nullopt, group.correct.size(), group.tried};
  Answer answer;
  for (const report::RankedTrial* trial : report::Fastest(group.correct, top)) {
    answer.rows.push_back(counts);
    FOOTHOLD_ASSIGN_OR_RETURN(answer.rows.back().schedule, schedule_of(trial->measurement));
  }
  if (answer.rows.empty()) answer.rows.push_back(counts);
  if (group.correct.empty()) return answer;
  for (const Measurement& measurement : report::TiedInLastFinal(*group.correct.front().run)) {
    FOOTHOLD_ASSIGN_OR_RETURN(Schedule schedule, schedule_of(measurement));
    answer.tied.push_back(std::move(schedule));
  }
  return answer;
}

Json ToJson(const ScheduleRow& row, const std::string& target) {
  Json json = {{"workload", row.workload.name},
               {"target", target},
               {"correct", row.correct},
               {"tried", row.tried},
               {"schedule", nullptr}};
  if (row.schedule) json["schedule"] = ToJson(*row.schedule);
  return json;
}

Result<ExitCode> RunBest(const BestArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents,
                            ReadLogAndSayWhatIsLost(session.env, arguments.log));
  std::vector<ScheduleRow> all;
  std::string ties;
  Json json = Json::Array();
  for (const Group& group : GroupRuns(contents)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Answer answer, AnswerFor(group, arguments.top, session.env));
    const std::size_t first = json.size();
    for (const ScheduleRow& row : answer.rows) json.push_back(ToJson(row, group.header->target));
    for (const Schedule& schedule : answer.tied) json[first]["tied"].push_back(ToJson(schedule));
    all.insert(all.end(), answer.rows.begin(), answer.rows.end());
    ties += TiedText(group.header->workload, answer.tied);
  }
  if (arguments.json) PrintOut("{}\n", json.Dump(2));
  if (!arguments.json) PrintOut("{}{}", ScheduleTable(all), ties);
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
