// foothold doctor: what will not work on this machine, and how to fix it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json.h"
#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/common/output.h"
#include "cli/doctor/judge.h"
#include "cli/doctor_fleet.h"

namespace foothold::cli {
namespace {

using doctor::Finding;
using doctor::Verdict;

struct DoctorArguments {
  int jobs = 0;
  std::string fleet;  ///< the address of one to look at instead of this machine; may be empty
  bool json = false;
};

std::string ToText(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("{:8} {:17} {}\n", doctor::ToString(finding.verdict), finding.check,
                        finding.what);
    if (!finding.fix.empty()) text += fmt::format("{:26} fix: {}\n", "", finding.fix);
  }
  return text;
}

std::string ToJson(const std::vector<Finding>& findings) {
  auto json = base::Json::Array();
  for (const Finding& finding : findings) {
    json.push_back({{"check", finding.check},
                    {"verdict", doctor::ToString(finding.verdict)},
                    {"what", finding.what},
                    {"fix", finding.fix}});
  }
  return json.Dump(2) + "\n";
}

Result<ExitCode> RunDoctor(const DoctorArguments& arguments, const Session& session) {
  std::vector<Finding> findings;
  if (arguments.fleet.empty()) {
    findings = doctor::Judge(doctor::Observe(session.env), base::ThreadCount(arguments.jobs));
  } else {
    FOOTHOLD_ASSIGN_OR_RETURN(findings, ExamineFleet(arguments.fleet, session.env));
  }
  PrintOut("{}", arguments.json ? ToJson(findings) : ToText(findings));
  const bool works = std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.verdict == Verdict::kProblem;
  });
  return works ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddDoctor(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<DoctorArguments>();
  CLI::App* command =
      app.add_subcommand("doctor", "Say what will not work on this machine, and how to fix it");
  command->footer(
      "Exit code 0 when all that is needed works, 1 otherwise. Warnings do not count.\n\n"
      "Example:\n  foothold doctor --jobs 4");
  command->add_option("--jobs", arguments->jobs, "Candidates built at once; 0: one per core")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--fleet", arguments->fleet,
                      "Address of a fleet to look at instead of this machine");
  command->add_flag("--json", arguments->json, "Print a JSON array");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunDoctor(*arguments, session); };
  });
}

}  // namespace foothold::cli
