// foothold try: builds and runs one config, and shows what happens.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common/arguments.h"
#include "cli/common/figures.h"
#include "cli/common/output.h"
#include "cli/echo_env.h"
#include "foothold/targets.h"

namespace foothold::cli {
namespace {

constexpr const char* kTryFooter =
    R"(WORKLOAD and CONFIG are as in foothold explain. The programs that the target runs, and what they print, go to the
standard error; the result is one line. Nothing is logged.

Example: one config of a target made of your own commands
  foothold try dense:1x256,512 tile_o=32,tile_i=64,vector=4 \
    --target command:examples/command/dense.json)";

struct TryArguments {
  std::string workload;
  std::string config;
  std::string target = "vta:pynq";
  RunOptions run;
  bool no_verify = false;
  bool json = false;
};

/// What became of the config, as far as it came.
struct Attempt {
  RunResult result;
  Metrics metrics;  ///< of the program and of its run
};

Result<Attempt> BuildAndRun(const TargetTask& task, const Config& config,
                            const RunOptions& options) {
  Attempt attempt;
  const BuildResult built = task.Build(config);
  FOOTHOLD_RETURN_IF_ERROR(built.status);
  if (!built.ok()) {
    attempt.result.failure = built.failure;
    return attempt;
  }
  attempt.metrics = built.program->metrics();
  attempt.result = task.Run(*built.program, options);
  FOOTHOLD_RETURN_IF_ERROR(attempt.result.status);
  for (const auto& [name, value] : attempt.result.metrics) attempt.metrics[name] = value;
  return attempt;
}

std::string Text(const Attempt& attempt) {
  const RunResult& result = attempt.result;
  if (result.failure) {
    return fmt::format("{} at {}", ToString(result.outcome()), ToString(*result.failure));
  }
  std::vector<std::string> times;
  for (const double seconds : result.seconds) times.push_back(Milliseconds(seconds));
  return fmt::format("{}: {} ms", ToString(result.outcome()), base::Joined(times, ", "));
}

base::Json ToJson(const Attempt& attempt, const std::string& config) {
  const RunResult& result = attempt.result;
  base::Json json = {{"config", config},
                     {"outcome", ToString(result.outcome())},
                     {"seconds", result.seconds},
                     {"metrics", attempt.metrics}};
  if (result.failure) {
    json["stage"] = result.failure->stage;
    json["reason"] = result.failure->reason;
  }
  return json;
}

Result<ExitCode> RunTry(const TryArguments& arguments, const Session& session) {
  const auto env = MakeEchoEnv(session.env);
  FOOTHOLD_ASSIGN_OR_RETURN(const Workload workload, ResolveOneWorkload(arguments.workload, *env));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto target, MakeTarget(*env, arguments.target));
  FOOTHOLD_ASSIGN_OR_RETURN(const auto task, target->Prepare(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(const Config config, ParseConfig(arguments.config, task->space()));
  const std::string described = DescribeConfig(task->space().parameters(), config);
  if (const Constraint* broken = task->space().FirstBroken(config)) {
    return Status::InvalidArgument(
        fmt::format("config: {} is not in the space: {}", described, broken->description()));
  }
  RunOptions options = arguments.run;
  options.verify = !arguments.no_verify;
  FOOTHOLD_ASSIGN_OR_RETURN(const Attempt attempt, BuildAndRun(*task, config, options));
  if (arguments.json) {
    PrintOut("{}\n", ToJson(attempt, described).Dump());
  } else {
    PrintOut("{}: {}\n", described, Text(attempt));
  }
  return attempt.result.outcome() == Outcome::kCorrect ? ExitCode::kOk : ExitCode::kNo;
}

}  // namespace

void AddTry(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<TryArguments>();
  CLI::App* command = app.add_subcommand("try", "Build and run one config, and show what happens");
  command->footer(kTryFooter);
  command->add_option("WORKLOAD", arguments->workload, "Layer, shape or file with one workload")
      ->required();
  command->add_option("CONFIG", arguments->config, "Index or values of the config")->required();
  command->add_option("--target", arguments->target, "Target; see foothold list targets")
      ->capture_default_str();
  command
      ->add_option("--timeout-s", arguments->run.timeout_s,
                   "Time limit of the run on the target, by its clock")
      ->check(CLI::PositiveNumber)
      ->type_name("s")
      ->capture_default_str();
  command->add_flag("--no-verify", arguments->no_verify,
                    "Do not compare the output with the reference");
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Session& session) { return RunTry(*arguments, session); };
  });
}

}  // namespace foothold::cli
