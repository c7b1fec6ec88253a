#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "foothold/earlier_run.h"
#include "foothold/searcher.h"
#include "studies/time_to_best/benchmark.h"
#include "studies/time_to_best/entrants.h"
#include "studies/time_to_best/search_run.h"

namespace foothold::studies {

/// What runs of `foothold` found on the tasks of an experiment, each without help and by one seed:
/// what an entrant that starts warm learns from on the other tasks.
class History {
 public:
  /// Trials of each run: a short one, as of somebody who tunes many layers.
  static constexpr std::uint64_t kTrials = 100;

  /// The runs of one seed in one mode of knowledge. Fails as MakeSearchProblem does.
  static Result<History> Record(const std::vector<Benchmark>& benchmarks, std::uint64_t seed,
                                Knowledge knowledge, const StageCosts& costs);

  /// The runs that an entrant learns from on `own`, a workload of `target`.
  std::vector<EarlierRun> For(EarlierTasks tasks, const BenchmarkTask& own,
                              const std::string& target) const;

 private:
  std::vector<std::pair<const BenchmarkTask*, EarlierRun>> runs_;
};

}  // namespace foothold::studies
