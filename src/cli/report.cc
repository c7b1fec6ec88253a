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
#include "report/page/network.h"
#include "report/page/page.h"

namespace foothold::cli {
namespace {

constexpr const char* kReportFooter =
    R"(The page is one file below 1.5 MB that needs no network. It shows the best configs, the best so far by measurements and
by cost, outcomes and why configs failed, learned rules, the space, predicted against measured times, where the best
program's time goes, runs and machines. Runs of one searcher with the same options are summed up by medians and
quartiles. Of a folder that foothold compile wrote it shows milliseconds by layer against the roofline and what bounds
each, where accuracy goes, memory and a timeline.

Example: a compiled network, and the log that its schedules are from
  foothold report out net.jsonl -o report.html

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

/// What the arguments are: deployed networks are folders, all else is a log.
struct ReportInputs {
  std::vector<std::string> logs;
  base::Json networks = base::Json::Array();
};

Result<ReportInputs> SortInputs(Env& env, const std::vector<std::string>& paths) {
  ReportInputs inputs;
  for (const std::string& path : paths) {
    const auto info = env.Inspect(path);
    if (!info.ok() || info->kind != FileInfo::Kind::kDirectory) {
      inputs.logs.push_back(path);
      continue;
    }
    const std::string manifest = path + "/manifest.json";
    FOOTHOLD_ASSIGN_OR_RETURN(const std::string text, env.ReadFile(manifest));
    FOOTHOLD_ASSIGN_OR_RETURN(base::Json network, report::NetworkModel(text, manifest));
    inputs.networks.push_back(std::move(network));
  }
  return inputs;
}

/// A line for each network.
std::string NetworksSummary(const base::Json& networks) {
  std::string text;
  for (const base::Json& network : networks.elements()) {
    double roofline_ms = 0;
    for (const base::Json& layer : network["layers"].elements()) {
      roofline_ms += layer["roofline_ms"].number();
    }
    text += fmt::format("{} on {}: {:.3f} ms in {} layers, whose roofline is {:.3f} ms\n",
                        network["name"].string(), network["target"].string(),
                        network["simulated_ms"].number(), network["layers"].size(), roofline_ms);
  }
  return text;
}

Result<ExitCode> RunReport(const ReportArguments& arguments, const Session& session) {
  FOOTHOLD_RETURN_IF_ERROR(CheckIsNoInput(session.env, "-o", arguments.output, arguments.logs));
  FOOTHOLD_ASSIGN_OR_RETURN(const ReportInputs inputs, SortInputs(session.env, arguments.logs));
  std::vector<LogContents> contents;
  for (const std::string& path : inputs.logs) {
    FOOTHOLD_ASSIGN_OR_RETURN(
        contents.emplace_back(),
        ReadLogAndSayWhatIsLost(session.env, path, BadRecordsOf(arguments.strict)));
    if (contents.back().runs.empty()) {
      return Status::InvalidArgument(fmt::format("{}: holds no run", path));
    }
  }
  std::vector<report::NamedLog> logs;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    logs.push_back({inputs.logs[i], &contents[i]});
  }
  report::ModelOptions options;
  if (arguments.group == "log") options.grouping = report::Grouping::kLog;
  const auto find = [&](const RunHeader& header) -> Result<std::shared_ptr<const TargetTask>> {
    FOOTHOLD_ASSIGN_OR_RETURN(std::shared_ptr<const TargetTask> task, TaskFor(header, session.env));
    return task;
  };
  TargetAnswers answers(find);
  base::Json model = report::BuildModel(
      logs, [&](const RunHeader& header, const Config* best) { return answers.Ask(header, best); },
      options);
  if (inputs.networks.size() > 0) model["networks"] = inputs.networks;
  if (arguments.json) {
    PrintOut("{}\n", report::ModelText(model));
    return ExitCode::kOk;
  }
  const std::string page = report::ReportPage(model);
  FOOTHOLD_RETURN_IF_ERROR(session.env.WriteFileAtomically(arguments.output, page));
  PrintOut("{}{}wrote {}\n", NetworksSummary(inputs.networks), RulesSummary(model),
           arguments.output);
  return ExitCode::kOk;
}

}  // namespace

void AddReport(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* report =
      app.add_subcommand("report", "Show record logs and compiled networks as one HTML page");
  report->footer(kReportFooter);
  report
      ->add_option(
          "LOG", arguments->logs,
          "Record logs, results of AutoTVM, T4, Kernel Tuner or KTT, or folders of compiled "
          "networks")
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
