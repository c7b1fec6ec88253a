#include "studies/time_to_best/warm_start.h"

#include <memory>
#include <utility>

#include "foothold/searchers.h"

namespace foothold {

Result<History> History::Record(const std::vector<Arena>& arenas, std::uint64_t seed,
                                Knowledge knowledge, const StageCosts& costs) {
  SearchRunOptions options;
  options.budget = kTrials;
  options.costs = costs;
  History history;
  for (const Arena& arena : arenas) {
    for (const ArenaTask& task : arena.tasks) {
      FOOTHOLD_ASSIGN_OR_RETURN(const SearchProblem problem,
                                MakeSearchProblem(*task.task, seed, knowledge));
      FOOTHOLD_ASSIGN_OR_RETURN(const auto searcher, MakeSearcher("foothold", problem));
      SearchRun run = RunSearch(*searcher, knowledge, *task.truth, options);
      history.runs_.emplace_back(
          &task,
          EarlierRun{arena.target, task.task->DeviceNumbers(), task.task->workload(),
                     problem.space.parameters(), std::move(run.trials), std::move(run.builds)});
    }
  }
  return history;
}

std::vector<EarlierRun> History::For(EarlierTasks tasks, const ArenaTask& own,
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

}  // namespace foothold
