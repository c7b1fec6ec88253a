#include "studies/time_to_best/warm_start.h"

#include <memory>
#include <utility>

#include "foothold/searchers.h"

namespace foothold::studies {

Result<History> History::Record(const std::vector<Benchmark>& benchmarks, std::uint64_t seed,
                                Knowledge knowledge, const StageCosts& costs) {
  SearchRunOptions options;
  options.budget = kTrials;
  options.costs = costs;
  History history;
  for (const Benchmark& benchmark : benchmarks) {
    for (const BenchmarkTask& task : benchmark.tasks) {
      FOOTHOLD_ASSIGN_OR_RETURN(const SearchProblem problem,
                                MakeSearchProblem(*task.task, seed, knowledge));
      FOOTHOLD_ASSIGN_OR_RETURN(const auto searcher, MakeSearcher("foothold", problem));
      SearchRun run = RunSearch(*searcher, knowledge, *task.truth, options);
      history.runs_.emplace_back(
          &task,
          EarlierRun{benchmark.target, task.task->traits().device_numbers, task.task->workload(),
                     problem.space.parameters(), std::move(run.trials), std::move(run.builds)});
    }
  }
  return history;
}

std::vector<EarlierRun> History::For(EarlierTasks tasks, const BenchmarkTask& own,
                                     const std::string& target) const {
  std::vector<EarlierRun> earlier;
  for (const auto& [task, run] : runs_) {
    const bool same_target = run.target == target;
    const bool wanted = tasks == EarlierTasks::kOtherTargets
                            ? !same_target
                            : tasks == EarlierTasks::kOtherWorkloads && same_target && task != &own;
    if (wanted) earlier.push_back(run);
  }
  return earlier;
}

}  // namespace foothold::studies
