// foothold best: the fastest correct configs of a record log.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/common/any_log.h"
#include "cli/common/log_target.h"
#include "cli/common/output.h"
#include "cli/common/schedule.h"
#include "cli/log_versions.h"
#include "foothold/record.h"
#include "records/log/problems.h"
#include "report/page/ranking.h"

namespace foothold::cli {
namespace {

constexpr const char* kBestFooter =
    R"(Runs of the same workload on the same target are shown together, whatever their searcher and seed, when they depend on
the same sources, tools and device. Of several versions the newest is shown; the command names the runs it leaves out.

Example: the three best schedules of each layer
  foothold best resnet18.jsonl --top 3)";

struct BestArguments {
  std::string log;
  std::size_t top = 1;
  bool strict = false;
  bool json = false;
};

// What is said about a workload on a target.
struct Answer {
  std::vector<ScheduleRow> rows;
  std::vector<Schedule> tied;  // in the final of the best one's run
  std::vector<std::string> notes;
};

// The table has times, and these are none.
std::string ObjectiveNote(const Objective& objective, const Measurement& best) {
  const auto value = best.metrics.find(objective.name);
  if (value == best.metrics.end()) return fmt::format("the log has no {}", objective.name);
  return fmt::format("{}d: {}; the best one has {:g}{}{}; the times shown only order the trials",
                     objective.maximise ? "maximise" : "minimise", objective.name, value->second,
                     objective.unit.empty() ? "" : " ", objective.unit);
}

Result<Answer> AnswerFor(const records::Versions& versions, std::size_t top, Env& env) {
  const RunHeader& header = versions.newest.front()->header;
  const std::vector<report::RankedTrial> correct = report::RankTrials(versions.newest);
  std::uint64_t tried = 0;
  for (const RunLog* run : versions.newest) tried += run->trials.size();
  const auto found = TaskFor(header, env);
  const TargetTask* task = found.ok() ? found->get() : nullptr;
  const auto schedule_of = [&](const Measurement& measurement) {
    return MakeSchedule(header.workload, header.target, header.parameters, measurement, task);
  };
  const ScheduleRow counts{header.workload, std::nullopt, correct.size(), tried};
  Answer answer;
  answer.notes = VersionNotes(versions, task, env);
  for (const report::RankedTrial* trial : report::Fastest(correct, top)) {
    answer.rows.push_back(counts);
    FOOTHOLD_ASSIGN_OR_RETURN(answer.rows.back().schedule, schedule_of(trial->measurement));
  }
  if (answer.rows.empty()) answer.rows.push_back(counts);
  if (correct.empty()) return answer;
  if (header.objective) {
    answer.notes.push_back(ObjectiveNote(*header.objective, correct.front().measurement));
  }
  for (const Measurement& measurement : report::TiedInLastFinal(*correct.front().run)) {
    FOOTHOLD_ASSIGN_OR_RETURN(Schedule schedule, schedule_of(measurement));
    answer.tied.push_back(std::move(schedule));
  }
  return answer;
}

base::Json ToJson(const ScheduleRow& row, const records::Versions& versions) {
  const RunHeader& header = versions.newest.front()->header;
  base::Json json = {{"workload", row.workload.name},
                     {"target", header.target},
                     {"runs", base::Json::Array()},
                     {"dependencies", header.dependencies},
                     {"runs_left_out", base::Json::Array()},
                     {"correct", row.correct},
                     {"tried", row.tried},
                     {"schedule", nullptr}};
  for (const RunLog* run : versions.newest) json["runs"].push_back(run->run);
  for (const auto& older : versions.older) {
    for (const RunLog* run : older) json["runs_left_out"].push_back(run->run);
  }
  if (row.schedule) json["schedule"] = ToJson(*row.schedule);
  return json;
}

Result<ExitCode> RunBest(const BestArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(
      const LogContents contents,
      ReadLogAndSayWhatIsLost(session.env, arguments.log, BadRecordsOf(arguments.strict)));
  std::vector<ScheduleRow> all;
  std::string ties;
  base::Json json = base::Json::Array();
  for (const records::Versions& versions : records::NewestVersions(contents)) {
    FOOTHOLD_ASSIGN_OR_RETURN(const Answer answer, AnswerFor(versions, arguments.top, session.env));
    for (const std::string& note : answer.notes) PrintErr("foothold: note: {}\n", note);
    const std::size_t first = json.size();
    for (const ScheduleRow& row : answer.rows) json.push_back(ToJson(row, versions));
    for (const Schedule& schedule : answer.tied) json[first]["tied"].push_back(ToJson(schedule));
    all.insert(all.end(), answer.rows.begin(), answer.rows.end());
    ties += TiedText(versions.newest.front()->header.workload, answer.tied);
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
  best->footer(kBestFooter);
  best->add_option("LOG", arguments->log,
                   "Record log, or results of AutoTVM, T4, Kernel Tuner or KTT")
      ->required();
  best->add_option("--top", arguments->top, "How many schedules of each workload")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  best->add_flag("--strict", arguments->strict, kStrictHelp);
  best->add_flag("--json", arguments->json, "Print a JSON array");
  best->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunBest(*arguments, session); };
  });
}

}  // namespace foothold::cli
