// foothold explain: why a config is invalid, or what bounds it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/common/any_log.h"
#include "cli/common/arguments.h"
#include "cli/common/network_argument.h"
#include "cli/common/output.h"
#include "cli/log_versions.h"
#include "core/target/explanation_json.h"
#include "foothold/record.h"
#include "foothold/targets.h"
#include "records/log/problems.h"
#include "report/rules/rules_report.h"

namespace foothold::cli {
namespace {

constexpr const char* kExplainFooter =
    R"(CONFIG is AutoTVM's index (575 or index=575) or values by name (tile_h=14,tile_w=14,...). A parameter with
only one value may be left out.

Example: the best schedule of ResNet-18's C8 on TVM's PYNQ board
  foothold explain resnet18.C8 index=575 --target vta:pynq

With --log it also names the learned rules that the config meets. foothold log rules shows all of them, beside what the
target knows.)";

struct ExplainArguments {
  std::string workload;
  std::string config;
  std::string target = "vta:pynq";
  std::string log;
  bool json = false;
};

/// The rules that the log's trials of this task teach.
Result<report::RulesReport> RulesOf(const ExplainArguments& arguments, const TargetTask& task,
                                    Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents,
                            ReadLogAndSayWhatIsLost(env, arguments.log));
  for (records::Versions& versions : records::NewestVersions(contents)) {
    const RunHeader& header = versions.newest.front()->header;
    if (header.target != arguments.target || header.workload != task.workload()) continue;
    const auto is_over_this_space = [&](const std::vector<const RunLog*>& runs) {
      return runs.front()->header.parameters == task.space().parameters();
    };
    if (!is_over_this_space(versions.newest)) {
      const auto other =
          std::find_if(versions.older.rbegin(), versions.older.rend(), is_over_this_space);
      if (other == versions.older.rend()) continue;
      std::swap(versions.newest, *other);
    }
    for (const std::string& note : VersionNotes(versions, &task, env)) {
      PrintErr("foothold: note: {}\n", note);
    }
    return report::ReportRules(versions.newest, task.KnownConstraints());
  }
  return Status::InvalidArgument(fmt::format("{}: holds no run of {} on {} with its parameters",
                                             arguments.log, task.workload().name,
                                             arguments.target));
}

std::vector<const report::LearnedRule*> RulesMet(const report::RulesReport& report,
                                                 const Config& config, const Space& space) {
  std::vector<const report::LearnedRule*> met;
  for (const report::LearnedRule& learned : report.learned) {
    if (learned.rule.Matches(space.Values(config))) met.push_back(&learned);
  }
  return met;
}

void AddRulesText(const std::string& log, const report::RulesReport& report,
                  const std::vector<const report::LearnedRule*>& met, std::string& text) {
  const char* verdict = met.empty() ? "" : ", and so is expected to fail";
  text += fmt::format("\nrules learned from {}: {}; this config meets {}{}\n", log,
                      report.learned.size(), met.size(), verdict);
  for (const report::LearnedRule* learned : met) text += ToText(*learned, report);
}

void AddRulesJson(const std::string& log, const report::RulesReport& report,
                  const std::vector<const report::LearnedRule*>& met, base::Json& json) {
  json["learned"] = {{"log", log}, {"rules", report.learned.size()}};
  json["learned"]["met"] = base::Json::Array();
  for (const report::LearnedRule* learned : met) {
    json["learned"]["met"].push_back(ToJson(*learned, report));
  }
}

Result<ExitCode> RunExplain(const ExplainArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload,
                            ResolveOneForTarget(arguments.workload, arguments.target, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ParseConfig(arguments.config, task->space()));
  const Explanation explanation = task->Explain(config);
  std::string text = ToText(explanation);
  base::Json json = target::ExplanationJson(explanation);
  if (!arguments.log.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(const report::RulesReport report,
                              RulesOf(arguments, *task, session.env));
    const auto met = RulesMet(report, config, task->space());
    AddRulesText(arguments.log, report, met, text);
    AddRulesJson(arguments.log, report, met, json);
  }
  PrintOut("{}", arguments.json ? json.Dump() + "\n" : text);
  return ExitCode::kOk;
}

}  // namespace

void AddExplain(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* explain =
      app.add_subcommand("explain", "Say why a config is invalid, or what bounds it");
  explain->footer(kExplainFooter);
  explain->add_option("WORKLOAD", arguments->workload, "Layer, shape or file with one workload")
      ->required();
  explain->add_option("CONFIG", arguments->config, "Index or values of the config")->required();
  explain->add_option("--target", arguments->target, "Target; see foothold list targets")
      ->capture_default_str();
  explain->add_option("--log", arguments->log, "Record log from which rules are learned");
  explain->add_flag("--json", arguments->json, "Print one JSON object");
  explain->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunExplain(*arguments, session); };
  });
}

}  // namespace foothold::cli
