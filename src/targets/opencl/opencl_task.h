#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/explanation.h"
#include "targets/child/built_folder.h"
#include "targets/child/folder.h"
#include "targets/opencl/kernel_file.h"
#include "targets/opencl/names.h"
#include "targets/opencl/runner.h"

namespace foothold::opencl {

/// The kernel of a T1 file prepared for one workload on one device. Candidates are compiled and run
/// by the runner, a process for each; every candidate has a folder of its own, which lives as long
/// as its program.
class OpenclTask : public TargetTask {
 public:
  /// InvalidArgument when the file is for another workload, or a size cannot be computed or does
  /// not fit the workload's tensor.
  static Result<std::unique_ptr<TargetTask>> Create(Env& env, const Runner& runner, KernelFile file,
                                                    const Workload& workload, Device device);

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return file_.tuning.space; }
  /// The device's limits on work-groups.
  std::vector<Constraint> KnownConstraints() const override;
  /// The file, the sources with what they include, files of data, the device and its driver.
  Result<Dependencies> DependsOn(Env& env) const override;
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  const TaskTraits& traits() const override { return traits_; }
  Explanation Explain(const Config& config) const override;

 private:
  using Sizes = std::array<std::int64_t, 3>;
  struct LaunchSizes {
    Sizes local = {};
    Sizes global = {};
  };

  OpenclTask(Env& env, const Runner& runner, KernelFile file, Workload workload, Device device,
             std::vector<std::int64_t> counts, child::OwnedFolder data);

  static Result<LaunchSizes> SizesOf(const Launchable& launch, const Names& names);
  std::string OptionsOf(const Config& config) const;
  /// The request for the kernel of `launch`; `config` is null for the reference kernel.
  Result<std::string> RequestFor(const Launchable& launch, const Names& names,
                                 const std::string& options, bool is_reference) const;

  /// Builds the program of `request`, and tells `metrics` of it; nothing when that succeeded.
  std::optional<BuildResult> BuildIn(const std::string& folder, const std::string& request,
                                     Metrics& metrics) const;
  RunResult JudgeRun(const Result<ProcessResult>& process, const ProcessLimits& limits,
                     const Metrics& built) const;

  /// The files with what the arguments hold and must hold afterwards, made by the first that asks,
  /// and again when a candidate has removed them.
  Status EnsureData() const;
  bool DataIsThere() const;
  Status MakeData() const;
  Status MakeFile(std::size_t argument, const Names& names) const;
  Status ComputeReference() const;
  std::string InputPath(std::size_t argument) const;
  std::string ReferencePath(std::size_t argument) const;
  bool IsCompared(const Argument& argument) const;

  Env& env_;
  const Runner runner_;
  const KernelFile file_;
  const Workload workload_;
  const Device device_;
  const TaskTraits traits_;
  const std::vector<std::int64_t> counts_;  // elements of each argument; 0 of scalars and locals
  const child::OwnedFolder data_;

  mutable std::mutex mutex_;  // over what follows
  mutable std::optional<Status> data_status_;
};

}  // namespace foothold::opencl
