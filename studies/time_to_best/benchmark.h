#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/explore.h"
#include "foothold/target.h"
#include "records/ground_truth/ground_truth.h"

namespace foothold::studies {

/// One workload to search: what the target knows of it beforehand, and what is true.
struct BenchmarkTask {
  std::unique_ptr<TargetTask> task;  ///< for its space and its known constraints
  std::shared_ptr<const records::GroundTruth> truth;
  double build_s = 0;  ///< CPU seconds of one build, mean over a random sample of the space
};

/// A target's spaces, explored.
struct Benchmark {
  std::string target;
  std::vector<BenchmarkTask> tasks;
};

/// Reads the explorations of the workloads' spaces on `target` from files in `directory`, and
/// explores first what is not there or not finished. `on_progress` hears of that. nullopt when
/// `interrupt` turned true: what was explored is kept. Errors: those of Target::Prepare, Explore
/// and ReadGroundTruth; InvalidArgument when no config of a space is correct.
Result<std::optional<Benchmark>> OpenBenchmark(
    const Target& target, const std::vector<Workload>& workloads, const std::string& directory,
    const ExploreOptions& options, Env& env,
    const std::function<void(const Workload&, const ExploreProgress&)>& on_progress,
    const std::atomic<bool>& interrupt);

}  // namespace foothold::studies
