#include "command/command_task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/check.h"
#include "command/run_report.h"

namespace foothold::command {
namespace {

constexpr const char* kWorkdirPrefix = "foothold-candidate-";

/// AutoTVM's number for an outcome (reference F.9); the building commands are a host compiler.
int AutotvmError(Outcome outcome, bool timed_out) {
  switch (outcome) {
    case Outcome::kConstraints:
      return 1;
    case Outcome::kCompile:
      return timed_out ? 6 : 2;
    case Outcome::kRuntime:
      return 4;
    case Outcome::kTimeout:
      return 7;
    case Outcome::kCorrectness:
      return 5;
    case Outcome::kCorrect:
      return 0;
  }
  FOOTHOLD_CHECK(false, "unknown outcome");
  return 0;
}

/// The step of a stage at which a process failed: the part of Failure::stage after the dot.
const char* StepOf(ProcessEnd end) {
  switch (end) {
    case ProcessEnd::kExited:
      return "exit";
    case ProcessEnd::kSignalled:
      return "signal";
    case ProcessEnd::kWallLimit:
      return "timeout";
    case ProcessEnd::kCpuLimit:
      return "cpu";
    case ProcessEnd::kMemoryLimit:
      return "memory";
    case ProcessEnd::kOutputLimit:
      return "output";
    case ProcessEnd::kFileSizeLimit:
      return "file_size";
    case ProcessEnd::kProcessLimit:
      return "processes";
    case ProcessEnd::kLost:
      return "lost";
    case ProcessEnd::kCancelled:
      break;
  }
  FOOTHOLD_CHECK(false, "nothing cancels a candidate");
  return "";
}

bool IsTimeLimit(ProcessEnd end) {
  return end == ProcessEnd::kWallLimit || end == ProcessEnd::kCpuLimit;
}

/// "exited with code 3: wrong sum".
std::string ReasonOf(const ProcessResult& result, const ProcessLimits& limits,
                     const std::string& said) {
  const std::string described = Describe(result, limits);
  return said.empty() ? described : described + ": " + said;
}

/// An infrastructure failure by exit code: worth another try.
Status Unavailable(const ProcessCommand& command, const ProcessResult& result) {
  return Status::Unavailable(
      fmt::format("{}: {}, which stands for infrastructure", command.argv.front(),
                  ReasonOf(result, command.limits, LastLine(result.err.text))));
}

bool MeansInfrastructure(const Stage& stage, const ProcessResult& result) {
  if (result.end != ProcessEnd::kExited) return false;
  const auto found = stage.outcomes.find(result.exit_code);
  return found != stage.outcomes.end() && !found->second;
}

RunResult Failed(Outcome outcome, const std::string& step, std::string reason) {
  RunResult result;
  result.outcome = outcome;
  result.failure = {outcome, "run." + step, std::move(reason), AutotvmError(outcome, false)};
  return result;
}

RunResult Unknown(Status status) {
  RunResult result;
  result.status = std::move(status);
  return result;
}

Metrics MetricsOf(const ProcessResult& process) {
  return {{"process.cpu_seconds", process.cpu_seconds},
          {"process.left_behind", process.left_behind},
          {"process.peak_memory_bytes", static_cast<double>(process.peak_memory_bytes)},
          {"process.wall_seconds", process.wall_seconds}};
}

/// What a run means that ended by itself with code 0, by what it printed.
RunResult Reported(const ProcessResult& process, const RunOptions& options) {
  Result<RunReport> report = ParseRunReport(process.out.text);
  if (!report.ok()) return Failed(Outcome::kRuntime, "result", report.status().message());
  if (options.verify && !report->correct) {
    return Failed(Outcome::kCorrectness, "result",
                  fmt::format("reported a wrong output{}{}", process.err.bytes > 0 ? ": " : "",
                              LastLine(process.err.text)));
  }
  if (report->seconds.empty()) {
    return Failed(Outcome::kRuntime, "result", "reported no seconds");
  }
  RunResult result;
  result.seconds = std::move(report->seconds);
  result.metrics = std::move(report->metrics);
  return result;
}

/// What the end of a run means.
RunResult Judge(const Stage& stage, const ProcessCommand& command, const ProcessResult& process,
                const RunOptions& options) {
  if (process.succeeded()) return Reported(process, options);
  Outcome outcome = IsTimeLimit(process.end) ? Outcome::kTimeout : Outcome::kRuntime;
  if (process.end == ProcessEnd::kExited) {
    const auto found = stage.outcomes.find(process.exit_code);
    if (found != stage.outcomes.end()) outcome = found->second.value_or(outcome);
  }
  return Failed(outcome, StepOf(process.end),
                ReasonOf(process, command.limits, LastLine(process.err.text)));
}

}  // namespace

/// A built candidate: its folder, which goes with it.
class CommandTask::Candidate : public Program {
 public:
  Candidate(Env& env, Config config, std::string workdir)
      : env_(env), config_(std::move(config)), workdir_(std::move(workdir)) {}
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;
  // What cannot be removed stays in the system's temporary folder, and harms nobody.
  ~Candidate() override { (void)env_.RemoveTree(workdir_); }

  const Metrics& metrics() const override { return metrics_; }
  const Config& config() const { return config_; }
  const std::string& workdir() const { return workdir_; }

 private:
  Env& env_;
  Config config_;
  std::string workdir_;
  Metrics metrics_;
};

Result<std::unique_ptr<TargetTask>> CommandTask::Create(Env& env, CommandFile file,
                                                        const Workload& workload) {
  if (file.workload && !ComputeTheSame(*file.workload, workload)) {
    return Status::InvalidArgument(fmt::format("{}: workload: is {}, not {}", file.path,
                                               ToString(*file.workload), ToString(workload)));
  }
  Values values;
  const nlohmann::json fields = nlohmann::json::parse(ToJson(workload));
  for (const auto& [name, value] : fields.items()) {
    values[std::string(kWorkloadPrefix) + name] =
        value.is_string() ? value.get<std::string>() : value.dump();
  }
  for (const Stage* stage : {file.build ? &*file.build : nullptr, &file.run}) {
    for (std::size_t i = 0; stage != nullptr && i < stage->command.size(); ++i) {
      for (const std::string& name : stage->command[i].Names()) {
        if (!name.starts_with(kWorkloadPrefix) || values.contains(name)) continue;
        return Status::InvalidArgument(
            fmt::format("{}: has the placeholder {{{}}}; a {} workload has no such field",
                        stage->where[i], name, OperatorName(workload.op)));
      }
    }
  }
  FOOTHOLD_ASSIGN_OR_RETURN(Space space, Space::Create(file.parameters, file.constraints));
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
  Result<std::string> workdir = env_.CreateTemporaryDirectory(kWorkdirPrefix);
  if (!workdir.ok()) {
    built.status = workdir.status();
    return built;
  }
  auto candidate = std::make_unique<Candidate>(env_, config, *std::move(workdir));
  if (file_.build) {
    const ProcessCommand command = CommandOf(*file_.build, config, candidate->workdir());
    const Result<ProcessResult> process = env_.RunProcess(command, nullptr);
    if (!process.ok()) {
      built.status = process.status();
      return built;
    }
    if (MeansInfrastructure(*file_.build, *process)) {
      built.status = Unavailable(command, *process);
      return built;
    }
    if (!process->succeeded()) {
      built.failure = {Outcome::kCompile, std::string("build.") + StepOf(process->end),
                       ReasonOf(*process, command.limits, FirstErrorLine(process->err.text)),
                       AutotvmError(Outcome::kCompile, IsTimeLimit(process->end))};
      return built;
    }
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
    if (!command.argv.front().starts_with(candidate.workdir())) return Unknown(process.status());
    return Failed(Outcome::kRuntime, "start",
                  fmt::format("the build left nothing to run: {}", process.status().message()));
  }
  if (MeansInfrastructure(file_.run, *process)) return Unknown(Unavailable(command, *process));
  RunResult result = Judge(file_.run, command, *process, options);
  result.metrics.merge(MetricsOf(*process));
  return result;
}

std::string CommandTask::Explain(const Config& config) const {
  std::string text = space_.ToString(config) + "\n";
  if (const Constraint* broken = space_.FirstBroken(config)) {
    text += fmt::format("breaks a constraint: {}\n", broken->description());
  }
  const std::string workdir = fmt::format("{{{}}}", kWorkdir);
  if (file_.build) {
    text +=
        fmt::format("build: {}\n", fmt::join(CommandOf(*file_.build, config, workdir).argv, " "));
  }
  text += fmt::format("run: {}\n", fmt::join(CommandOf(file_.run, config, workdir).argv, " "));
  return text;
}

std::string CommandTask::ExplainJson(const Config& config) const {
  const std::string workdir = fmt::format("{{{}}}", kWorkdir);
  nlohmann::ordered_json json = {{"config", space_.ToString(config)}, {"broken", nullptr}};
  if (const Constraint* broken = space_.FirstBroken(config)) json["broken"] = broken->description();
  if (file_.build) json["build"] = CommandOf(*file_.build, config, workdir).argv;
  json["run"] = CommandOf(file_.run, config, workdir).argv;
  return json.dump(2) + "\n";
}

}  // namespace foothold::command
