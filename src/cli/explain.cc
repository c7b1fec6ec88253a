// foothold explain: why a config is invalid, or what bounds it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/arguments.h"
#include "cli/command.h"
#include "foothold/targets.h"

namespace foothold::cli {
namespace {

constexpr const char* kFooter =
    R"(CONFIG is AutoTVM's index (575 or index=575) or values by name (tile_h=14,tile_w=14,...); a parameter with
only one value may be left out.

Example: the best schedule of ResNet-18's C8 on TVM's PYNQ board
  foothold explain resnet18.C8 index=575 --target vta:pynq

What the trials of a whole log teach is shown by foothold log rules.)";

struct ExplainArguments {
  std::string workload;
  std::string config;
  std::string target = "vta:pynq";
  bool json = false;
};

Result<ExitCode> RunExplain(const ExplainArguments& arguments, const Session& session) {
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload,
                            ResolveOneWorkload(arguments.workload, session.env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(session.env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ParseConfig(arguments.config, task->space()));
  std::string text = arguments.json ? task->ExplainJson(config) : task->Explain(config);
  if (!text.ends_with('\n')) text += '\n';
  fmt::print("{}", text);
  return ExitCode::kOk;
}

}  // namespace

void AddExplain(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* explain =
      app.add_subcommand("explain", "Say why a config is invalid, or what bounds it");
  explain->footer(kFooter);
  explain->add_option("WORKLOAD", arguments->workload, "Layer, shape or file with one workload")
      ->required();
  explain->add_option("CONFIG", arguments->config, "Index or values of the config")->required();
  explain->add_option("--target", arguments->target, "Target; see foothold list targets")
      ->capture_default_str();
  explain->add_flag("--json", arguments->json, "Print one JSON object");
  explain->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunExplain(*arguments, session); };
  });
}

}  // namespace foothold::cli
