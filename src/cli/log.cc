// foothold log: shows and converts record logs, and says what they teach.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/common/any_log.h"
#include "cli/common/output.h"
#include "cli/common/record_text.h"
#include "cli/log_convert.h"
#include "cli/log_repair.h"
#include "cli/log_rules.h"
#include "foothold/record.h"

namespace foothold::cli {
namespace {

struct DumpArguments {
  std::string log;
  bool json = false;
};

Result<ExitCode> RunDump(const DumpArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const LogContents contents,
                            ReadLogAndSayWhatIsLost(session.env, arguments.log));
  if (arguments.json) {
    WriteData(ToJsonLines(contents));
  } else {
    WriteOut(DumpText(contents));
  }
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
    R"(Formats: foothold (record log), autotvm (log v0.1 and v0.2), t4 (results), kernel-tuner (cache), ktt (JSON results). autotvm
and foothold convert to each other; foothold, t4, kernel-tuner and ktt convert to t4 and kernel-tuner. Of these, IN may
be compressed by gzip, except a record log.

OUT is replaced if it exists; - is the standard output. What the other format cannot hold is left out: stages, reasons
and metrics on the way to AutoTVM, tasks of other operators and records that are wrong on the way back.

Example: hand a run to tools that read AutoTVM's logs
  foothold log convert --from foothold --to autotvm resnet18.jsonl resnet18.log

Example: a Kernel Tuner cache as T4
  foothold log convert --from kernel-tuner --to t4 \
    convolution.json.gz convolution.t4.json)";

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
  convert->add_flag("--strict", arguments->strict, kStrictHelp);
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

constexpr const char* kRepairFooter =
    R"(Lines that were changed, cut, doubled or mixed with those of another tuner are listed with the reason. All trials and
builds that can be read are saved: those that follow one another stay in their run, which can be resumed; the others are
put into a run of their own, which the option "salvaged" names. The damaged log is kept as LOG.damaged-1 (-2, ...).

Example: a log into which something else wrote
  foothold log repair resnet18.jsonl)";

void AddRepair(CLI::App& log, Command& chosen) {
  auto arguments = std::make_shared<RepairArguments>();
  CLI::App* repair = log.add_subcommand("repair", "Save what can be read of a damaged record log");
  repair->footer(kRepairFooter);
  repair->add_option("LOG", arguments->log, "Record log")->required();
  repair->add_option("-o,--output", arguments->output,
                     "Write the repaired log here and leave LOG alone");
  repair->add_flag("--json", arguments->json, "Print one JSON object");
  repair->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunRepair(*arguments, session); };
  });
}

}  // namespace

void AddLog(CLI::App& app, Command& chosen) {
  CLI::App* log =
      app.add_subcommand("log", "Show, convert or repair record logs, or learn from them");
  log->footer("Example: how the trials of a run ended\n  foothold log dump resnet18.jsonl");
  AddDump(*log, chosen);
  AddConvert(*log, chosen);
  AddRules(*log, chosen);
  AddRepair(*log, chosen);
}

}  // namespace foothold::cli
