// foothold log rules: what a log's trials teach about which configs are valid.
#include "cli/log_rules.h"

#include <fmt/core.h>

#include <vector>

#include "cli/common/any_log.h"
#include "cli/common/log_target.h"
#include "cli/common/output.h"
#include "cli/log_versions.h"
#include "records/log/problems.h"
#include "report/rules/rules_report.h"

namespace foothold::cli {
namespace {

Result<std::vector<Constraint>> KnownTo(const RunHeader& header, Env& env) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, TaskFor(header, env));
  return KnownConstraints(*task, header);
}

}  // namespace

Result<ExitCode> RunRules(const RulesArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents,
                            ReadLogAndSayWhatIsLost(session.env, arguments.log));
  if (contents.runs.empty()) {
    return Status::InvalidArgument(fmt::format("{}: holds no run", arguments.log));
  }
  std::string text;
  for (const records::Versions& versions : records::NewestVersions(contents)) {
    for (const std::string& note : VersionNotes(versions, nullptr, session.env)) {
      PrintErr("foothold: note: {}\n", note);
    }
    const auto& runs = versions.newest;
    const report::RulesReport report =
        report::ReportRules(runs, KnownTo(runs.front()->header, session.env));
    if (!text.empty()) text += arguments.json ? ",\n" : "\n";
    text += arguments.json ? ToJson(report).Dump() : ToText(report);
  }
  if (arguments.json) text = "[" + text + "]\n";
  PrintOut("{}", text);
  return ExitCode::kOk;
}

}  // namespace foothold::cli
