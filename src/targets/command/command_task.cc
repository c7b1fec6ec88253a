#include "targets/command/command_task.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/terminal_text.h"
#include "base/text.h"
#include "core/target/program_of.h"
#include "core/workload/workload_json.h"
#include "targets/child/built_folder.h"
#include "targets/child/judge.h"
#include "targets/child/output_line.h"
#include "targets/child/process_failure.h"
#include "targets/child/used_files.h"
#include "targets/command/used_by_commands.h"

namespace foothold::command {
namespace {

/// What a candidate makes is nothing to depend on.
constexpr const char* kNoWorkdir = "/proc/no/workdir";
constexpr const char* kWorkdirPrefix = "foothold-candidate-";
/// An argument may name another file for each value of a parameter: up to so many are looked for.
constexpr std::size_t kMostNamedFiles = 1024;
constexpr std::uint64_t kMostTemplateBytes = std::uint64_t{16} << 20;

/// What a build makes.
struct Candidate {
  Config config;
  std::unique_ptr<child::BuiltFolder> folder;
};

/// An infrastructure failure by exit code: worth another try.
Status Unavailable(const ProcessCommand& command, const ProcessResult& result) {
  return Status::Unavailable(
      fmt::format("{}: {}, which stands for infrastructure", command.argv.front(),
                  child::ReasonOf(result, command.limits, child::LastLine(result.err.text))));
}

/// The program's path if it lies in the candidate's folder, which is where it runs; else empty.
std::string ProgramIn(const std::string& workdir, const ProcessCommand& command) {
  const std::string& program = command.argv.front();
  if (program.find('/') == std::string::npos) return "";  // looked for in PATH
  std::string path = (std::filesystem::path(workdir) / program).lexically_normal().string();
  return path.starts_with(workdir + "/") ? path : "";
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

/// Whether this workload has the fields that the text's placeholders name, and what they become is
/// harmless.
Status CheckFields(const PlacedText& text, const std::map<std::string, std::string>& values,
                   const Workload& workload) {
  for (const std::string& name : text.text.Names()) {
    if (!name.starts_with(kWorkloadPrefix)) continue;
    const auto value = values.find(name);
    if (value == values.end()) {
      return Status::InvalidArgument(
          fmt::format("{}: has the placeholder {{{}}}; a {} workload has no such field", text.where,
                      name, OperatorName(workload.op)));
    }
    if (IsPlainWord(value->second)) continue;
    // The text is of whoever wrote the workload file.
    return Status::InvalidArgument(fmt::format(
        "{}: has the placeholder {{{}}}, which would become \"{}\"; a shell might obey that, so "
        "it must not begin with \"-\" and hold only letters, digits and _.:,+@%/=-",
        text.where, name, base::TerminalText(value->second)));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<TargetTask>> CommandTask::Create(Env& env, CommandFile file,
                                                        const Workload& workload) {
  if (file.workload && !ComputeTheSame(*file.workload, workload)) {
    return Status::InvalidArgument(fmt::format("{}: workload: is {}, not {}", file.path,
                                               ToString(*file.workload), ToString(workload)));
  }
  Values values;
  const base::Json fields = workload::WorkloadJson(workload);
  for (const auto& [name, value] : fields.members()) {
    values[std::string(kWorkloadPrefix) + name] = value.is_string() ? value.string() : value.Dump();
  }
  for (const PlacedText* text : TextsOf(file)) {
    FOOTHOLD_RETURN_IF_ERROR(CheckFields(*text, values, workload));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(Space space,
                            Space::Create(file.parameters, file.constraints, kMostSpaceNodes));
  std::unique_ptr<CommandTask> task(
      new CommandTask(env, std::move(file), workload, std::move(space), std::move(values)));
  FOOTHOLD_RETURN_IF_ERROR(task->ReadTemplates(env));
  task->NoteUnused(env);
  return std::unique_ptr<TargetTask>(std::move(task));
}

Status CommandTask::ReadTemplates(Env& env) {
  std::set<std::string> names = {kWorkdir, kHere, kIndex};
  for (const Parameter& parameter : file_.parameters) names.insert(parameter.name);
  for (const auto& [name, value] : workload_values_) names.insert(name);
  for (const CommandFile::Template& from : file_.templates) {
    const std::string path = (std::filesystem::path(here_) / from.source).string();
    Result<std::string> text = env.ReadFile(path, kMostTemplateBytes);
    if (!text.ok()) {
      return Status(text.status().code(),
                    fmt::format("{}: {}", from.where, text.status().message()));
    }
    const PlacedText placed{Argument::ParseTemplate(*text, names), from.where};
    FOOTHOLD_RETURN_IF_ERROR(CheckFields(placed, workload_values_, workload_));
    templates_.emplace(from.path, placed.text);
  }
  return {};
}

/// A parameter that no text names changes nothing: more likely a slip than meant.
void CommandTask::NoteUnused(Env& env) const {
  std::set<std::string> used;
  const auto use = [&](const Argument& text) {
    for (std::string& name : text.Names()) used.insert(std::move(name));
  };
  for (const PlacedText* text : TextsOf(file_)) use(text->text);
  for (const auto& [path, text] : templates_) use(text);
  if (used.contains(kIndex)) return;  // which stands for all of them
  for (const Parameter& parameter : file_.parameters) {
    if (used.contains(parameter.name) || parameter.values.size() == 1) continue;
    env.Note("unused " + file_.path + parameter.name,
             fmt::format("{}: nothing uses the parameter \"{}\": no command, environment "
                         "variable, file or template has {{{}}}",
                         file_.path, parameter.name, parameter.name));
  }
}

CommandTask::CommandTask(Env& env, CommandFile file, Workload workload, Space space,
                         Values workload_values)
    : env_(env),
      file_(std::move(file)),
      workload_(std::move(workload)),
      space_(std::move(space)),
      traits_{.target = "command:" + file_.path,
              .times_are_exact = file_.exact_times,
              .builds_per_trial = static_cast<double>(file_.builds_per_trial)},
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
  for (std::size_t i = 0; i < config.choices.size(); ++i) {
    const Parameter& parameter = space_.parameters()[i];
    values[parameter.name] = ValueText(parameter.ValueAt(config.choices[i]));
  }
  return values;
}

ProcessCommand CommandTask::CommandOf(const Stage& stage, const Config& config,
                                      const std::string& workdir) const {
  const Values values = ValuesOf(config, workdir);
  ProcessCommand command;
  const auto value_of = [&](const std::string& name) { return values.at(name); };
  for (const PlacedText& argument : stage.command) {
    command.argv.push_back(argument.text.Expand(value_of));
  }
  command.directory = workdir;
  for (const auto& [name, value] : file_.environment) {
    command.environment[name] = value.text.Expand(value_of);
  }
  command.environment.try_emplace("LC_ALL", "C");  // messages and decimal points are as expected
  command.limits = stage.limits;
  return command;
}

BuildResult CommandTask::Build(const Config& config) const {
  BuildResult built;
  auto folder = child::BuiltFolder::Create(
      env_, kWorkdirPrefix,
      [this, config](const std::string& workdir) { return BuildIn(workdir, config); });
  if (!folder.ok()) {
    built.status = folder.status();
    return built;
  }
  const ProcessCommand run = CommandOf(file_.run, config, (*folder)->path());
  auto failed = (*folder)->Build(ProgramIn((*folder)->path(), run));
  if (failed) return *std::move(failed);
  return target::Built(Candidate{config, *std::move(folder)});
}

/// What `files` and `templates` are for this config.
Status CommandTask::MakeFiles(const std::string& workdir, const Config& config) const {
  const Values values = ValuesOf(config, workdir);
  const auto make = [&](const std::string& path, const Argument& text) -> Status {
    const std::filesystem::path whole = std::filesystem::path(workdir) / path;
    FOOTHOLD_RETURN_IF_ERROR(env_.CreateDirectories(whole.parent_path().string()));
    return env_.WriteFileAtomically(
        whole.string(), text.Expand([&](const std::string& name) { return values.at(name); }));
  };
  for (const auto& [path, text] : file_.files) FOOTHOLD_RETURN_IF_ERROR(make(path, text.text));
  for (const auto& [path, text] : templates_) FOOTHOLD_RETURN_IF_ERROR(make(path, text));
  return {};
}

/// Nothing when the build succeeded.
std::optional<BuildResult> CommandTask::BuildIn(const std::string& workdir,
                                                const Config& config) const {
  BuildResult unknown;
  unknown.status = MakeFiles(workdir, config);
  if (!unknown.status.ok()) return unknown;
  if (!file_.build) return std::nullopt;
  const ProcessCommand command = CommandOf(*file_.build, config, workdir);
  const Result<ProcessResult> process = env_.RunProcess(command, nullptr);
  if (process.ok() && child::MeansInfrastructure(file_.build->outcomes, *process)) {
    unknown.status = Unavailable(command, *process);
    return unknown;
  }
  if (process.ok()) {
    if (process->succeeded()) return std::nullopt;
    return child::JudgeBuild(*process, command.limits);
  }
  unknown.status = process.status();
  return unknown;
}

RunResult CommandTask::Run(const Program& program, const RunOptions& options) const {
  const auto& [config, folder] = target::ValueOf<Candidate>(program);
  const std::string& workdir = folder->path();
  ProcessCommand command = CommandOf(file_.run, config, workdir);
  command.limits.wall_s =
      std::min(command.limits.wall_s.value_or(options.timeout_s), options.timeout_s);
  return folder->Run(
      [&] { return env_.RunProcess(command, nullptr); },
      [&](const Result<ProcessResult>& process) { return Judge(process, command, workdir); });
}

RunResult CommandTask::Judge(const Result<ProcessResult>& process, const ProcessCommand& command,
                             const std::string& workdir) const {
  if (!process.ok()) {
    // A program that the build should have made, and did not, is the candidate's affair.
    const StatusCode code = process.status().code();
    const bool is_none = code == StatusCode::kNotFound || code == StatusCode::kInvalidArgument;
    if (!is_none || ProgramIn(workdir, command).empty()) return child::UnknownRun(process.status());
    return child::FailedRun(
        Outcome::kRuntime, "start",
        fmt::format("the build left nothing to run: {}", process.status().message()));
  }
  if (child::MeansInfrastructure(file_.run.outcomes, *process)) {
    return child::UnknownRun(Unavailable(command, *process));
  }
  return child::JudgeRun(*process, command.limits, file_.run.outcomes);
}

/// The configs that differ in the named parameters alone; the first one only where they are too
/// many.
std::vector<Config> CommandTask::ConfigsOver(const std::vector<std::string>& names) const {
  std::vector<Config> configs = {{std::vector<std::uint32_t>(space_.parameters().size(), 0)}};
  for (std::size_t i = 0; i < space_.parameters().size(); ++i) {
    const Parameter& parameter = space_.parameters()[i];
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    const std::size_t count = configs.size();
    if (count * parameter.values.size() > kMostNamedFiles) return {configs.front()};
    for (std::uint32_t choice = 1; choice < parameter.values.size(); ++choice) {
      for (std::size_t k = 0; k < count; ++k) {
        configs.push_back(configs[k]);
        configs.back().choices[i] = choice;
      }
    }
  }
  return configs;
}

std::vector<std::vector<std::string>> CommandTask::CommandsOf(const Stage& stage) const {
  const std::vector<std::string> first = CommandOf(stage, ConfigsOver({}).front(), kNoWorkdir).argv;
  std::vector<std::vector<std::string>> commands = {first};
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i].find('/') == std::string::npos) continue;
    for (const Config& config : ConfigsOver(stage.command[i].text.Names())) {
      commands.push_back({first.front(), CommandOf(stage, config, kNoWorkdir).argv[i]});
    }
  }
  return commands;
}

Result<Dependencies> CommandTask::DependsOn(Env& env) const {
  child::UsedFiles files(env, here_);
  for (const std::string& pattern : file_.outputs) files.Exclude(pattern);
  FOOTHOLD_RETURN_IF_ERROR(files.Add(file_.path));
  UsedByCommands used(env, files);
  for (const Stage* stage : {file_.build ? &*file_.build : nullptr, &file_.run}) {
    if (stage == nullptr) continue;
    for (const auto& argv : CommandsOf(*stage)) {
      for (const std::string& argument : argv) files.AddIncludeFolders(argument);
    }
    for (const auto& argv : CommandsOf(*stage)) FOOTHOLD_RETURN_IF_ERROR(used.Add(argv));
  }
  for (const auto& [name, value] : file_.environment) {
    for (const Config& config : ConfigsOver(value.text.Names())) {
      const ProcessCommand run = CommandOf(file_.run, config, kNoWorkdir);
      FOOTHOLD_RETURN_IF_ERROR(used.AddPaths(run.environment.at(name)));
    }
  }
  for (const CommandFile::Template& from : file_.templates) {
    FOOTHOLD_RETURN_IF_ERROR(files.Add((std::filesystem::path(here_) / from.source).string()));
  }
  for (const CommandFile::Depends& listed : file_.depends) {
    const std::string path = (std::filesystem::path(here_) / listed.path).string();
    const Status status = files.AddTree(listed.path, path);
    if (!status.ok()) {
      return Status(status.code(), fmt::format("{}: {}", listed.where, status.message()));
    }
  }
  Dependencies dependencies = files.Take();
  dependencies.merge(used.Take());
  return dependencies;
}

Explanation CommandTask::Explain(const Config& config) const {
  Explanation e = TargetTask::Explain(config);
  const std::string workdir = fmt::format("{{{}}}", kWorkdir);
  if (file_.build) e.facts.push_back({"build", CommandOf(*file_.build, config, workdir).argv});
  e.facts.push_back({"run", CommandOf(file_.run, config, workdir).argv});
  return e;
}

}  // namespace foothold::command
