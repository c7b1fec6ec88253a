#include "report/page/model.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "records/log/changes.h"
#include "records/log/problems.h"
#include "report/page/model_text.h"
#include "report/page/problem.h"

namespace foothold::report {
namespace {

/// How much of a whole report is shown.
struct Fullness {
  std::size_t questions;     ///< at most
  std::size_t runs;          ///< in the table, at most; also logs
  std::size_t explanations;  ///< of questions, at most
  std::size_t trials;        ///< of all spaces together
  Detail each;               ///< of a question, its trials aside
};

constexpr std::size_t kMaxTrialsOfSpace = 1'000;  // more lines than that cannot be told apart
constexpr std::size_t kMostNamedChanges = 3;      // between two versions
constexpr std::size_t kMaxTexts = 40;             // about a machine, or options of a run

// From the richest to the poorest: the first that fits is taken.
constexpr Fullness kFullnesses[] = {
    {100, 200, 30, 6'000, {0, 24, 30, 60, 10, 20, 30}},
    {100, 200, 15, 3'000, {0, 24, 8, 40, 10, 12, 20}},
    {100, 100, 8, 1'500, {0, 16, 0, 30, 5, 8, 10}},
    {60, 50, 4, 600, {0, 8, 0, 20, 3, 5, 6}},
    {20, 20, 2, 200, {0, 6, 0, 10, 1, 3, 3}},
    {5, 5, 0, 50, {0, 4, 0, 5, 1, 2, 2}},
};

std::map<const RunLog*, std::size_t> LogsByRun(const std::vector<NamedLog>& logs) {
  std::map<const RunLog*, std::size_t> places;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    for (const RunLog& run : logs[i].contents->runs) places[&run] = i;
  }
  return places;
}

bool IsAboutTheSame(const RunHeader& a, const RunHeader& b) {
  return a.target == b.target && a.workload == b.workload;
}

/// "run 2: dense.cl sha256 56ef7890": the runs, and what sets them apart from those of `other`.
std::string VersionOf(const Question& question, const Question& other) {
  std::string text = question.runs.size() == 1 ? "run " : "runs ";
  for (std::size_t i = 0; i < question.runs.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(question.runs[i].run->run);
  }
  const std::vector<Change> changes = records::ChangesBetween(other.header(), question.header());
  for (std::size_t i = 0; i < std::min(changes.size(), kMostNamedChanges); ++i) {
    const std::string value =
        changes[i].after.empty() ? "none" : records::Abbreviated(changes[i].after);
    text += (i == 0 ? ": " : ", ") + changes[i].name + " " + value;
  }
  return text;
}

/// Of questions that are the same over other sources, which is which.
void NameVersions(std::vector<Question>& questions) {
  for (Question& question : questions) {
    for (const Question& other : questions) {
      if (&other == &question || !IsAboutTheSame(other.header(), question.header())) continue;
      question.version = VersionOf(question, other);
      break;
    }
  }
}

std::vector<Question> AskQuestions(const std::vector<NamedLog>& logs, const AskTarget& ask) {
  std::vector<const LogContents*> contents;
  for (const NamedLog& log : logs) contents.push_back(log.contents);
  const auto log_of = LogsByRun(logs);
  std::vector<Question> questions;
  std::size_t id = 0;
  for (const auto& runs : records::RunsByQuestion(contents)) {
    Question& question = questions.emplace_back();
    for (const RunLog* run : runs) {
      question.runs.push_back({run, log_of.at(run), id++, CurveOf(*run)});
    }
    question.ranked = RankTrials(runs);
    question.failures = CountFailures(runs);
    const bool found = !question.ranked.empty();
    const Config* best = found ? &question.ranked.front().measurement.config : nullptr;
    question.facts = ask(question.header(), best);
    question.rules = ReportRules(runs, question.facts.known);
  }
  NameVersions(questions);
  return questions;
}

base::Json TextsJson(const std::map<std::string, std::string>& texts) {
  base::Json json = base::Json::Object();
  for (const auto& [name, text] : texts) {
    if (json.size() < kMaxTexts) json[Shortened(name, 60)] = Shortened(text);
  }
  return json;
}

/// The different machines, in the order of their first runs. One is the same whatever its load.
class MachineList {
 public:
  std::size_t IdOf(std::map<std::string, std::string> machine) {
    machine.erase("load");
    const auto [place, is_new] = ids_.try_emplace(machine, ids_.size());
    if (is_new) json_.push_back(TextsJson(machine));
    return place->second;
  }
  base::Json Take() { return std::move(json_); }

 private:
  std::map<std::map<std::string, std::string>, std::size_t> ids_;
  base::Json json_ = base::Json::Array();
};

base::Json RunJson(const ListedRun& listed, std::size_t question, MachineList& machines) {
  const RunLog& run = *listed.run;
  const RunHeader& header = run.header;
  base::Json json = {{"question", question},
                     {"log", listed.log},
                     {"run", run.run},
                     {"searcher", Shortened(header.searcher, 60)},
                     {"seed", std::to_string(header.seed)},
                     {"options", TextsJson(header.options)},
                     {"dependencies", TextsJson(header.dependencies.value_or(Dependencies{}))},
                     {"started", header.wall_clock},
                     {"foothold", Shortened(header.foothold_version, 60)},
                     {"machine", machines.IdOf(header.machine)},
                     {"trials", run.trials.size()},
                     {"builds", run.builds.size()},
                     {"unfinished", run.unfinished.size()},
                     {"outcomes", OutcomesJson({&run})},
                     {"cost_s", CostsJson(listed.curve.costs)},
                     {"best_s", nullptr}};
  if (!listed.curve.improvements.empty()) {
    json["best_s"] = Rounded(listed.curve.improvements.back().best_s);
  }
  return json;
}

base::Json LogsJson(const std::vector<NamedLog>& logs, std::size_t limit) {
  base::Json json = base::Json::Array();
  for (const NamedLog& log : logs) {
    if (json.size() == limit) break;
    json.push_back({{"name", Shortened(log.name)},
                    {"runs", log.contents->runs.size()},
                    {"note", log.contents->repaired ? base::Json(Shortened(*log.contents->repaired))
                                                    : base::Json()}});
  }
  return json;
}

base::Json ModelOf(const std::vector<NamedLog>& logs, const std::vector<Question>& questions,
                   Grouping grouping, const Fullness& fullness) {
  base::Json json = {{"report", 1}, {"logs", LogsJson(logs, fullness.runs)}};
  const std::size_t shown = std::min(fullness.questions, questions.size());
  json["questions"] = base::Json::Array();
  Detail detail = fullness.each;
  if (shown > 0) detail.trials = std::min(kMaxTrialsOfSpace, fullness.trials / shown);
  for (std::size_t i = 0; i < shown; ++i) {
    detail.explanation = i < fullness.explanations;
    const auto groups = GroupRuns(questions[i], logs, grouping);
    json["questions"].push_back(QuestionJson(questions[i], groups, detail));
  }
  std::size_t runs = 0;
  MachineList machines;
  json["runs"] = base::Json::Array();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    for (const ListedRun& listed : questions[i].runs) {
      if (runs++ < fullness.runs) json["runs"].push_back(RunJson(listed, i, machines));
    }
  }
  json["machines"] = machines.Take();
  json["left_out"] = {{"logs", logs.size() - json["logs"].size()},
                      {"questions", questions.size() - shown},
                      {"runs", runs - json["runs"].size()}};
  return json;
}

}  // namespace

base::Json BuildModel(const std::vector<NamedLog>& logs, const AskTarget& ask,
                      const ModelOptions& options) {
  const std::vector<Question> questions = AskQuestions(logs, ask);
  base::Json model;
  for (const Fullness& fullness : kFullnesses) {
    model = ModelOf(logs, questions, options.grouping, fullness);
    if (model.Dump().size() <= options.max_bytes) break;
  }
  return model;
}

}  // namespace foothold::report
