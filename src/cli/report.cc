// foothold report: record logs as one HTML page.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/common/any_log.h"
#include "cli/common/files.h"
#include "cli/common/log_target.h"
#include "cli/common/output.h"
#include "foothold/record.h"
#include "report/page/model.h"
#include "report/page/page.h"

namespace foothold::cli {
namespace {

constexpr const char* kReportFooter =
    R"(The page is one file below 1.5 MB that needs no network. It shows the best configs, the best so far by measurements and
by cost, outcomes and why configs failed, learned rules, the space, predicted against measured times, where the best
program's time goes, runs and machines. Runs of one searcher with the same options are summed up by medians and
quartiles.

Example: two searchers on one layer
  foothold report random.jsonl validity.jsonl -o report.html)";

struct ReportArguments {
  std::vector<std::string> logs;
  std::string output = "report.html";
  std::string group = "searcher";
  bool strict = false;
  bool json = false;
};

/// A line for each question that had failures: what its trials teach, and where that is new.
std::string RulesSummary(const base::Json& model) {
  std::string text;
  for (const base::Json& question : model["questions"].elements()) {
    const auto& rules = question["rules"];
    if (rules.is_null()) continue;
    const auto count = [&](const char* name) { return rules[name].Get<std::size_t>(); };
    text += fmt::format("{} on {}: rules learned: {}, which explain {} of {} failed configs",
                        question["workload"].string(), question["target"].string(),
                        count("learned"), count("explained"), count("failed"));
    if (count("news") > 0) text += fmt::format("; NEWS to the target: {}", count("news"));
    if (count("disagreements") > 0) {
      text +=
          fmt::format("; the log DISAGREES with rules of the target: {}", count("disagreements"));
    }
    text += "\n";
  }
  if (text.empty()) return text;
  return text + "foothold log rules prints them; the page shows them too.\n";
}

Result<ExitCode> RunReport(const ReportArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "-o", arguments.output, arguments.logs));
  std::vector<LogContents> contents;
  for (const std::string& path : arguments.logs) {
    FOOTHOLD_ASSIGN_OR_RETURN(
        contents.emplace_back(),
        ReadLogAndSayWhatIsLost(session.env, path, BadRecordsOf(arguments.strict)));
    if (contents.back().runs.empty()) {
      return Status::InvalidArgument(fmt::format("{}: holds no run", path));
    }
  }
  std::vector<report::NamedLog> logs;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    logs.push_back({arguments.logs[i], &contents[i]});
  }
  report::ModelOptions options;
  if (arguments.group == "log") options.grouping = report::Grouping::kLog;
  const auto find = [&](const RunHeader& header) -> Result<std::shared_ptr<const TargetTask>> {
    FOOTHOLD_ASSIGN_OR_RETURN(std::shared_ptr<const TargetTask> task, TaskFor(header, session.env));
    return task;
  };
  TargetAnswers answers(find);
  const base::Json model = report::BuildModel(
      logs, [&](const RunHeader& header, const Config* best) { return answers.Ask(header, best); },
      options);
  if (arguments.json) {
    PrintOut("{}\n", report::ModelText(model));
    return ExitCode::kOk;
  }
  const std::string page = report::ReportPage(model);
  FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.output, page));
  PrintOut("{}wrote {}\n", RulesSummary(model), arguments.output);
  return ExitCode::kOk;
}

}  // namespace

void AddReport(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* report = app.add_subcommand("report", "Show record logs as one HTML page with charts");
  report->footer(kReportFooter);
  report
      ->add_option("LOG", arguments->logs,
                   "Record logs, or results of AutoTVM, T4, Kernel Tuner or KTT")
      ->required();
  report->add_option("-o,--output", arguments->output, "Page to write; replaced if it exists")
      ->capture_default_str();
  report
      ->add_option(
          "--group", arguments->group,
          "Runs that are compared as one: those of a searcher, or those of a searcher in a log")
      ->check(CLI::IsMember({"searcher", "log"}))
      ->capture_default_str();
  report->add_flag("--strict", arguments->strict, kStrictHelp);
  report->add_flag("--json", arguments->json, "Print what the page shows as one JSON object");
  report->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunReport(*arguments, session); };
  });
}

}  // namespace foothold::cli
