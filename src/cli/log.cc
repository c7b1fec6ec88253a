// foothold log: shows and converts record logs, and says what they teach.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/common/record_text.h"
#include "cli/log_convert.h"
#include "cli/log_rules.h"
#include "foothold/record.h"

namespace foothold::cli {
namespace {

struct DumpArguments {
  std::string log;
  bool json = false;
};

Result<ExitCode> RunDump(const DumpArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents, ReadLog(session.env, arguments.log));
  if (contents.repaired) fmt::print(stderr, "foothold: note: {}\n", *contents.repaired);
  fmt::print("{}", arguments.json ? DumpJsonLines(contents) : DumpText(contents));
  return ExitCode::kOk;
}

void AddDump(CLI::App& log, Command& chosen) {
  auto arguments = std::make_shared<DumpArguments>();
  CLI::App* dump = log.add_subcommand("dump", "Show every run and trial of a record log");
  dump->footer("Example: how the trials of a run ended\n  foothold log dump resnet18.jsonl");
  dump->add_option("LOG", arguments->log, "Record log")->required();
  dump->add_flag("--json", arguments->json, "Print JSON Lines in the log's own format");
  dump->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunDump(*arguments, session); };
  });
}

constexpr const char* kConvertFooter =
    R"(Formats: foothold (record log), autotvm (log v0.2), t4 (results), kernel-tuner (cache), ktt (JSON results). autotvm
and foothold convert to each other; foothold, t4, kernel-tuner and ktt convert to t4 and kernel-tuner. Of these, IN may
be compressed by gzip, except a record log.

OUT is replaced if it exists; - is the standard output. What the other format cannot hold is left out: stages, reasons
and metrics on the way to AutoTVM, tasks of other operators on the way back.

Example: hand a run to tools that read AutoTVM's logs
  foothold log convert --from foothold --to autotvm resnet18.jsonl resnet18.log

Example: a Kernel Tuner cache as T4
  foothold log convert --from kernel-tuner --to t4 convolution.json.gz convolution.t4.json)";

void AddConvert(CLI::App& log, Command& chosen) {
  auto arguments = std::make_shared<ConvertArguments>();
  CLI::App* convert = log.add_subcommand("convert", "Convert between log formats");
  convert->footer(kConvertFooter);
  convert->add_option("--from", arguments->from, "Format of IN")
      ->required()
      ->check(CLI::IsMember({"autotvm", "foothold", "t4", "kernel-tuner", "ktt"}));
  convert->add_option("--to", arguments->to, "Format of OUT")
      ->required()
      ->check(CLI::IsMember({"autotvm", "foothold", "t4", "kernel-tuner"}));
  convert->add_option("IN", arguments->in, "Log to read")->required();
  convert->add_option("OUT", arguments->out, "Log to write")->required();
  convert->add_flag("--json", arguments->json, "Print what was converted as one JSON object");
  convert->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunConvert(*arguments, session); };
  });
}

constexpr const char* kRulesFooter =
    R"(Rules are learned from the trials and builds of the log: products and ratios of parameters beyond which everything
failed. Each rule is compared with the constraints that the target knows, and each constraint with the measurements.

Example: why most trials of a run fail
  foothold log rules resnet18.jsonl)";

void AddRules(CLI::App& log, Command& chosen) {
  auto arguments = std::make_shared<RulesArguments>();
  CLI::App* rules =
      log.add_subcommand("rules", "Learn rules that tell failed configs from correct ones");
  rules->footer(kRulesFooter);
  rules->add_option("LOG", arguments->log, "Record log")->required();
  rules->add_flag("--json", arguments->json, "Print a JSON array, one object per workload");
  rules->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunRules(*arguments, session); };
  });
}

}  // namespace

void AddLog(CLI::App& app, Command& chosen) {
  CLI::App* log = app.add_subcommand("log", "Show or convert record logs, or learn from them");
  log->footer("Example: how the trials of a run ended\n  foothold log dump resnet18.jsonl");
  AddDump(*log, chosen);
  AddConvert(*log, chosen);
  AddRules(*log, chosen);
}

}  // namespace foothold::cli
