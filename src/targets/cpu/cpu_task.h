#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/explanation.h"
#include "targets/child/built_folder.h"
#include "targets/child/folder.h"
#include "targets/cpu/nest.h"
#include "targets/cpu/program_source.h"
#include "targets/cpu/schedule.h"
#include "targets/cpu/toolchain.h"

namespace foothold::cpu {

struct TaskOptions {
  std::string target = "cpu";  ///< TaskTraits::target
  Host host;
  Toolchain toolchain;
  Weights weights = Weights::kConstant;
  int repeats = 3;  ///< times in a run, > 0; whoever wants more runs the program again
};

/// The cpu target prepared for one workload. Every candidate gets a temporary directory of its own,
/// which lives as long as its program; the input, the weights and the reference output are made
/// once, when the first candidate runs.
class CpuTask : public TargetTask {
 public:
  static Result<std::unique_ptr<TargetTask>> Create(Env& env, TaskOptions options,
                                                    const Workload& workload);

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  const TaskTraits& traits() const override { return traits_; }
  Result<Dependencies> DependsOn(Env& env) const override;
  Explanation Explain(const Config& config) const override;

 private:
  /// What all candidates are run on and compared with.
  struct Problem {
    child::OwnedFolder directory;
    std::string input;  ///< paths of raw float32 files
    std::string weight;
    std::vector<float> expected;

    bool IsThere(Env& env) const { return env.FileExists(input) && env.FileExists(weight); }
  };

  CpuTask(Env& env, TaskOptions options, const Workload& workload, const Nest& nest, Space space);

  ProcessCommand CompileCommand(const std::string& directory) const;
  Result<Problem> MakeProblem() const;
  /// Made by the first run, and again when a candidate has removed its files.
  Result<std::shared_ptr<const Problem>> GetProblem() const;
  std::optional<BuildResult> BuildIn(const std::string& directory, const Schedule& schedule) const;
  RunResult Judge(const Result<ProcessResult>& process, const ProcessCommand& command) const;
  /// What the output that a run left in `path` is worth.
  RunResult Verify(RunResult run, const std::string& path, const Problem& problem) const;

  Env& env_;
  const TaskOptions options_;
  const Workload workload_;
  const Nest nest_;
  const Space space_;
  const TaskTraits traits_;
  mutable std::mutex mutex_;  // guards problem_
  mutable std::shared_ptr<const Problem> problem_;
};

}  // namespace foothold::cpu
