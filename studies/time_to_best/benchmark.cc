#include "studies/time_to_best/benchmark.h"

#include <fmt/core.h>

#include <utility>

#include "base/cpu_time.h"
#include "foothold/explore.h"
#include "foothold/rng.h"

namespace foothold::studies {
namespace {

constexpr int kBuildSample = 200;

double SecondsPerBuild(const TargetTask& task) {
  Rng rng(1);
  const double start = base::ThreadCpuSeconds();
  for (int i = 0; i < kBuildSample; ++i) task.Build(task.space().Sample(rng));
  return (base::ThreadCpuSeconds() - start) / kBuildSample;
}

}  // namespace

Result<std::optional<Benchmark>> OpenBenchmark(
    const Target& target, const std::vector<Workload>& workloads, const std::string& directory,
    const ExploreOptions& options, Env& env,
    const std::function<void(const Workload&, const ExploreProgress&)>& on_progress,
    const std::atomic<bool>& interrupt) {
  Benchmark benchmark;
  benchmark.target = target.name();
  for (const Workload& workload : workloads) {
    BenchmarkTask task;
    FOOTHOLD_ASSIGN_OR_RETURN(task.task, target.Prepare(workload));
    const std::string path = directory + "/" + GroundTruthFileName(workload, benchmark.target);
    FOOTHOLD_ASSIGN_OR_RETURN(
        const ExploreResult result,
        Explore(
            *task.task, benchmark.target, path, options, env,
            [&](const ExploreProgress& progress) { on_progress(workload, progress); }, interrupt));
    if (!result.finished) return std::optional<Benchmark>();
    FOOTHOLD_ASSIGN_OR_RETURN(records::GroundTruth truth, records::ReadGroundTruth(env, path));
    if (!truth.best_seconds()) {
      return Status::InvalidArgument(fmt::format("{}: no config of {} is correct on {}", path,
                                                 workload.name, benchmark.target));
    }
    task.truth = std::make_shared<const records::GroundTruth>(std::move(truth));
    task.build_s = SecondsPerBuild(*task.task);
    benchmark.tasks.push_back(std::move(task));
  }
  return std::optional(std::move(benchmark));
}

}  // namespace foothold::studies
