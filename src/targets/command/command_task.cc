#include "targets/command/command_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/terminal_text.h"
#include "base/text.h"
#include "core/workload/workload_json.h"
#include "targets/child/folder.h"
#include "targets/child/judge.h"
#include "targets/child/output_line.h"
#include "targets/child/process_failure.h"

namespace foothold::command {
namespace {

constexpr const char* kWorkdirPrefix = "foothold-candidate-";

/// An infrastructure failure by exit code: worth another try.
Status Unavailable(const ProcessCommand& command, const ProcessResult& result) {
  return Status::Unavailable(
      fmt::format("{}: {}, which stands for infrastructure", command.argv.front(),
                  ReasonOf(result, command.limits, LastLine(result.err.text))));
}

/// Whether a shell, here or behind ssh, takes `text` for one plain word, and no program takes it
/// for an option.
bool IsPlainWord(std::string_view text) {
  static constexpr std::string_view kPlain = "_.:,+@%/=-";
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPlain.find(c) != std::string_view::npos;
  });
}

}  // namespace

/// A built candidate: its folder, which goes with it.
class CommandTask::Candidate : public Program {
 public:
  Candidate(Config config, OwnedFolder folder)
      : config_(std::move(config)), folder_(std::move(folder)) {}

  const Metrics& metrics() const override { return metrics_; }
  const Config& config() const { return config_; }
  const std::string& workdir() const { return folder_.path(); }

 private:
  Config config_;
  OwnedFolder folder_;
  Metrics metrics_;
};

Result<std::unique_ptr<TargetTask>> CommandTask::Create(Env& env, CommandFile file,
                                                        const Workload& workload) {
  if (file.workload && !ComputeTheSame(*file.workload, workload)) {
    return Status::InvalidArgument(fmt::format("{}: workload: is {}, not {}", file.path,
                                               ToString(*file.workload), ToString(workload)));
  }
  Values values;
  const Json fields = WorkloadJson(workload);
  for (const auto& [name, value] : fields.members()) {
    values[std::string(kWorkloadPrefix) + name] = value.is_string() ? value.string() : value.Dump();
  }
  for (const Stage* stage : {file.build ? &*file.build : nullptr, &file.run}) {
    for (std::size_t i = 0; stage != nullptr && i < stage->command.size(); ++i) {
      for (const std::string& name : stage->command[i].Names()) {
        if (!name.starts_with(kWorkloadPrefix)) continue;
        const auto value = values.find(name);
        if (value == values.end()) {
          return Status::InvalidArgument(
              fmt::format("{}: has the placeholder {{{}}}; a {} workload has no such field",
                          stage->where[i], name, OperatorName(workload.op)));
        }
        if (IsPlainWord(value->second)) continue;
        // The text is of whoever wrote the workload file.
        return Status::InvalidArgument(
            fmt::format("{}: has the placeholder {{{}}}, which would become \"{}\"; a shell might "
                        "obey that, so "
                        "it must not begin with \"-\" and hold only letters, digits and _.:,+@%/=-",
                        stage->where[i], name, TerminalText(value->second)));
      }
    }
  }
  FOOTHOLD_ASSIGN_OR_RETURN(Space space,
                            Space::Create(file.parameters, file.constraints, kMostSpaceNodes));
  return std::unique_ptr<TargetTask>(
      new CommandTask(env, std::move(file), workload, std::move(space), std::move(values)));
}

CommandTask::CommandTask(Env& env, CommandFile file, Workload workload, Space space,
                         Values workload_values)
    : env_(env),
      file_(std::move(file)),
      workload_(std::move(workload)),
      space_(std::move(space)),
      workload_values_(std::move(workload_values)) {
  std::error_code error;  // without a current directory the path stays relative
  const std::filesystem::path absolute = std::filesystem::absolute(file_.path, error);
  here_ = (error ? std::filesystem::path(file_.path) : absolute).parent_path().string();
}

CommandTask::Values CommandTask::ValuesOf(const Config& config, const std::string& workdir) const {
  Values values = workload_values_;
  values[kWorkdir] = workdir;
  values[kHere] = here_;
  values[kIndex] = std::to_string(space_.IndexOf(config));
  const std::vector<std::int64_t> choices = space_.Values(config);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    values[space_.parameters()[i].name] = std::to_string(choices[i]);
  }
  return values;
}

ProcessCommand CommandTask::CommandOf(const Stage& stage, const Config& config,
                                      const std::string& workdir) const {
  const Values values = ValuesOf(config, workdir);
  ProcessCommand command;
  for (const Argument& argument : stage.command) {
    command.argv.push_back(
        argument.Expand([&](const std::string& name) { return values.at(name); }));
  }
  command.directory = workdir;
  command.environment = file_.environment;
  command.environment.try_emplace("LC_ALL", "C");  // messages and decimal points are as expected
  command.limits = stage.limits;
  return command;
}

BuildResult CommandTask::Build(const Config& config) const {
  BuildResult built;
  Result<OwnedFolder> folder = OwnedFolder::Create(env_, kWorkdirPrefix);
  if (!folder.ok()) {
    built.status = folder.status();
    return built;
  }
  auto candidate = std::make_unique<Candidate>(config, *std::move(folder));
  if (file_.build) {
    const ProcessCommand command = CommandOf(*file_.build, config, candidate->workdir());
    const Result<ProcessResult> process = env_.RunProcess(command, nullptr);
    if (!process.ok()) {
      built.status = process.status();
      return built;
    }
    if (MeansInfrastructure(file_.build->outcomes, *process)) {
      built.status = Unavailable(command, *process);
      return built;
    }
    if (!process->succeeded()) return JudgeBuild(*process, command.limits);
  }
  built.program = std::move(candidate);
  return built;
}

RunResult CommandTask::Run(const Program& program, const RunOptions& options) const {
  const auto& candidate = dynamic_cast<const Candidate&>(program);
  ProcessCommand command = CommandOf(file_.run, candidate.config(), candidate.workdir());
  command.limits.wall_s =
      std::min(command.limits.wall_s.value_or(options.timeout_s), options.timeout_s);
  const Result<ProcessResult> process = env_.RunProcess(command, nullptr);
  if (!process.ok()) {
    // A program that the build should have made, and did not, is the candidate's affair.
    if (!command.argv.front().starts_with(candidate.workdir()) ||
        process.status().code() == StatusCode::kCancelled) {
      return UnknownRun(process.status());
    }
    return FailedRun(Outcome::kRuntime, "start",
                     fmt::format("the build left nothing to run: {}", process.status().message()));
  }
  if (MeansInfrastructure(file_.run.outcomes, *process)) {
    return UnknownRun(Unavailable(command, *process));
  }
  return JudgeRun(*process, command.limits, file_.run.outcomes, options);
}

std::string CommandTask::Explain(const Config& config) const {
  std::string text = space_.ToString(config) + "\n";
  if (const Constraint* broken = space_.FirstBroken(config)) {
    text += fmt::format("breaks a constraint: {}\n", broken->description());
  }
  const std::string workdir = fmt::format("{{{}}}", kWorkdir);
  if (file_.build) {
    text += fmt::format("build: {}\n", Joined(CommandOf(*file_.build, config, workdir).argv, " "));
  }
  text += fmt::format("run: {}\n", Joined(CommandOf(file_.run, config, workdir).argv, " "));
  return text;
}

std::string CommandTask::ExplainJson(const Config& config) const {
  const std::string workdir = fmt::format("{{{}}}", kWorkdir);
  Json json = {{"config", space_.ToString(config)}, {"broken", nullptr}};
  if (const Constraint* broken = space_.FirstBroken(config)) json["broken"] = broken->description();
  if (file_.build) json["build"] = CommandOf(*file_.build, config, workdir).argv;
  json["run"] = CommandOf(file_.run, config, workdir).argv;
  return json.Dump(2) + "\n";
}

}  // namespace foothold::command
