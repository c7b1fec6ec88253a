#include "targets/cpu/cpu_task.h"

#include <fmt/core.h>

#include <cstring>
#include <utility>

#include "base/text.h"
#include "core/target/program_of.h"
#include "targets/child/judge.h"
#include "targets/child/process_failure.h"
#include "targets/child/used_files.h"
#include "targets/cpu/analysis.h"
#include "targets/cpu/source_digest.h"
#include "targets/cpu/verify.h"

namespace foothold::cpu {
namespace {

constexpr const char* kSource = "candidate.c";
constexpr const char* kProgram = "candidate";
constexpr const char* kOutput = "output.f32";
constexpr std::uint64_t kTensorSeed = 1;

// A compiler that takes longer would not be worth waiting for: most take a third of a second.
constexpr double kBuildLimit_s = 30;

/// Exit code of the harness when a file or the memory was not to be had: sysexits.h's EX_TEMPFAIL.
const child::ExitMeanings& Exits() {
  static const child::ExitMeanings exits = {{75, std::nullopt}};
  return exits;
}

/// A file that only this task reads: nothing is lost with it.
Status WriteFile(Env& env, const std::string& path, std::string_view data) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto file, env.OpenForAppend(path));
  return file->Append(data);
}

std::string PathIn(const child::BuiltFolder& folder, const char* name) {
  return fmt::format("{}/{}", folder.path(), name);
}

std::string_view Bytes(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

Result<std::unique_ptr<TargetTask>> CpuTask::Create(Env& env, TaskOptions options,
                                                    const Workload& workload) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(const Nest nest, NestOf(workload));
  FOOTHOLD_ASSIGN_OR_RETURN(Space space, MakeSpace(nest, {.vectors = options.host.vectors,
                                                          .max_threads = options.host.threads}));
  return std::unique_ptr<TargetTask>(
      new CpuTask(env, std::move(options), workload, nest, std::move(space)));
}

CpuTask::CpuTask(Env& env, TaskOptions options, const Workload& workload, const Nest& nest,
                 Space space)
    : env_(env),
      options_(std::move(options)),
      workload_(workload),
      nest_(nest),
      space_(std::move(space)),
      traits_{.target = options_.target,
              .context = {{"candidate_compiler", options_.toolchain.version},
                          {"candidate_flags", base::Joined(options_.toolchain.flags, " ")}}} {}

ProcessCommand CpuTask::CompileCommand(const std::string& directory) const {
  ProcessCommand command;
  command.argv = {options_.toolchain.compiler};
  for (const std::string& flag : options_.toolchain.flags) command.argv.push_back(flag);
  for (const char* argument : {kSource, "-o", kProgram}) command.argv.emplace_back(argument);
  command.directory = directory;
  command.environment = {{"LC_ALL", "C"}};  // messages are as expected
  command.limits = child::CandidateLimits(kBuildLimit_s);
  return command;
}

BuildResult CpuTask::Build(const Config& config) const {
  BuildResult built;
  const Schedule schedule = ScheduleOf(nest_, space_, config);
  auto folder = child::BuiltFolder::Create(
      env_, "foothold-cpu-",
      [this, schedule](const std::string& directory) { return BuildIn(directory, schedule); });
  if (!folder.ok()) {
    built.status = folder.status();
    return built;
  }
  const std::string path = PathIn(**folder, kProgram);
  auto failed = (*folder)->Build(path);
  if (failed) return *std::move(failed);
  Metrics metrics = AnalyseSchedule(nest_, schedule);
  if (const auto program = env_.ReadFile(path); program.ok()) {
    metrics["code_bytes"] = CodeBytes(*program);
  }
  return target::Built(*std::move(folder), std::move(metrics));
}

/// Nothing when the build succeeded.
std::optional<BuildResult> CpuTask::BuildIn(const std::string& directory,
                                            const Schedule& schedule) const {
  BuildResult unknown;
  unknown.status = WriteFile(env_, fmt::format("{}/{}", directory, kSource),
                             ProgramSource(nest_, schedule, options_.weights));
  if (!unknown.status.ok()) return unknown;
  const ProcessCommand command = CompileCommand(directory);
  const Result<ProcessResult> process = env_.RunProcess(command, nullptr);
  unknown.status = process.status();
  if (!unknown.status.ok()) return unknown;
  if (process->succeeded()) return std::nullopt;
  return child::JudgeBuild(*process, command.limits);
}

Result<CpuTask::Problem> CpuTask::MakeProblem() const {
  FOOTHOLD_ASSIGN_OR_RETURN(child::OwnedFolder directory,
                            child::OwnedFolder::Create(env_, "foothold-cpu-"));
  Problem problem{std::move(directory), {}, {}, {}};
  problem.input = problem.directory.path() + "/input.f32";
  problem.weight = problem.directory.path() + "/weight.f32";
  const FloatTensors tensors = RandomFloatTensors(workload_, kTensorSeed);
  FOOTHOLD_RETURN_IF_ERROR(WriteFile(env_, problem.input, Bytes(tensors.input)));
  FOOTHOLD_RETURN_IF_ERROR(WriteFile(env_, problem.weight, Bytes(tensors.weight)));
  problem.expected = ReferenceFloatOutput(workload_, tensors);
  return problem;
}

Result<std::shared_ptr<const CpuTask::Problem>> CpuTask::GetProblem() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!problem_ || !problem_->IsThere(env_)) {
    FOOTHOLD_ASSIGN_OR_RETURN(Problem problem, MakeProblem());
    problem_ = std::make_shared<const Problem>(std::move(problem));
  }
  return problem_;
}

RunResult CpuTask::Run(const Program& program, const RunOptions& options) const {
  const child::BuiltFolder& folder = *target::ValueOf<std::unique_ptr<child::BuiltFolder>>(program);
  const auto problem = GetProblem();
  if (!problem.ok()) return child::UnknownRun(problem.status());
  ProcessCommand command;
  command.argv = {PathIn(folder, kProgram), (*problem)->input, (*problem)->weight,
                  PathIn(folder, kOutput), fmt::format("{}", options_.repeats)};
  command.environment = {{"LC_ALL", "C"}};
  command.limits = child::CandidateLimits(options.timeout_s);
  RunResult run =
      folder.Run([&] { return env_.RunProcess(command, nullptr); },
                 [&](const Result<ProcessResult>& process) { return Judge(process, command); });
  if (!run.status.ok() || run.outcome() != Outcome::kCorrect || !options.verify) return run;
  return Verify(std::move(run), PathIn(folder, kOutput), **problem);
}

RunResult CpuTask::Judge(const Result<ProcessResult>& process,
                         const ProcessCommand& command) const {
  if (!process.ok()) return child::UnknownRun(process.status());
  if (child::MeansInfrastructure(Exits(), *process)) {
    return child::UnknownRun(Status::Unavailable(
        child::ReasonOf(*process, command.limits, fmt::format("in {}", command.argv.front()))));
  }
  return child::JudgeRun(*process, command.limits, Exits());
}

RunResult CpuTask::Verify(RunResult run, const std::string& path, const Problem& problem) const {
  const Result<std::string> file = env_.ReadFile(path);
  if (!file.ok()) return child::UnknownRun(file.status());
  if (file->size() != problem.expected.size() * sizeof(float)) {
    return child::FailedRun(Outcome::kRuntime, "output",
                            fmt::format("wrote {} B, must write {} B", file->size(),
                                        problem.expected.size() * sizeof(float)));
  }
  std::vector<float> output(problem.expected.size());
  std::memcpy(output.data(), file->data(), file->size());
  const std::string difference = DifferenceBetween(output, problem.expected);
  if (difference.empty()) return run;
  return child::FailedRun(Outcome::kCorrectness, "verify", difference);
}

Result<Dependencies> CpuTask::DependsOn(Env& env) const {
  Dependencies dependencies = {
      {"Foothold's code generator", kSourceDigest},
      {"compiler version", options_.toolchain.version},
      {"compiler flags", base::Joined(options_.toolchain.flags, " ")},
  };
  FOOTHOLD_RETURN_IF_ERROR(
      child::AddProgram(env, options_.toolchain.compiler, dependencies).status());
  return dependencies;
}

Explanation CpuTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  if (e.failure) return e;
  const Schedule schedule = ScheduleOf(nest_, space_, config);
  e.facts = {{"compile", CompileCommand("").argv}};
  e.metrics = AnalyseSchedule(nest_, schedule);
  e.notes = Describe(nest_, schedule);
  e.source = OperatorSource(nest_, schedule, options_.weights);
  return e;
}

}  // namespace foothold::cpu
