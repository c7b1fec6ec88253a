#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/explanation.h"
#include "targets/command/command_file.h"

namespace foothold::command {

/// A command target prepared for one workload. Every candidate gets a temporary directory of its
/// own, which lives as long as its program.
class CommandTask : public TargetTask {
 public:
  /// InvalidArgument when the file is for another workload, or a placeholder names a field that
  /// this one does not have; also errors of reading templates. Notes (Env::Note) which parameters
  /// nothing uses.
  static Result<std::unique_ptr<TargetTask>> Create(Env& env, CommandFile file,
                                                    const Workload& workload);

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  const TaskTraits& traits() const override { return traits_; }
  /// The file, what its commands name, and what it lists itself.
  Result<Dependencies> DependsOn(Env& env) const override;
  Explanation Explain(const Config& config) const override;

 private:
  using Values = std::map<std::string, std::string>;

  CommandTask(Env& env, CommandFile file, Workload workload, Space space, Values workload_values);
  Status ReadTemplates(Env& env);
  void NoteUnused(Env& env) const;
  Status MakeFiles(const std::string& workdir, const Config& config) const;

  /// What the placeholders stand for.
  Values ValuesOf(const Config& config, const std::string& workdir) const;
  ProcessCommand CommandOf(const Stage& stage, const Config& config,
                           const std::string& workdir) const;
  /// The stage's command, and its arguments with the values of the parameters on which paths
  /// depend.
  std::vector<Config> ConfigsOver(const std::vector<std::string>& names) const;
  std::vector<std::vector<std::string>> CommandsOf(const Stage& stage) const;
  std::optional<BuildResult> BuildIn(const std::string& workdir, const Config& config) const;
  RunResult Judge(const Result<ProcessResult>& process, const ProcessCommand& command,
                  const std::string& workdir) const;

  Env& env_;
  const CommandFile file_;
  const Workload workload_;
  const Space space_;
  const TaskTraits traits_;
  const Values workload_values_;               // "workload.height" -> "56"
  std::string here_;                           // the folder of the file, absolute
  std::map<std::string, Argument> templates_;  // their texts, by path in the candidate's folder
};

}  // namespace foothold::command
