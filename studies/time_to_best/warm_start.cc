#include "studies/time_to_best/warm_start.h"

#include <memory>
#include <span>

#include "foothold/searchers.h"

namespace foothold {
namespace {

/// Another searcher, and what it is told.
class Recorder : public Searcher {
 public:
  Recorder(Searcher& searcher, EarlierRun& run) : searcher_(searcher), run_(run) {}

  std::vector<Config> Propose(std::size_t count) override { return searcher_.Propose(count); }
  void Observe(std::span<const Measurement> measurements) override {
    run_.trials.insert(run_.trials.end(), measurements.begin(), measurements.end());
    searcher_.Observe(measurements);
  }
  std::vector<Config> ProposeBuilds() override { return searcher_.ProposeBuilds(); }
  void ObserveBuilds(std::span<const BuildReport> reports) override {
    run_.builds.insert(run_.builds.end(), reports.begin(), reports.end());
    searcher_.ObserveBuilds(reports);
  }

 private:
  Searcher& searcher_;
  EarlierRun& run_;
};

}  // namespace

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
      EarlierRun run{arena.target,
                     task.task->DeviceNumbers(),
                     task.task->workload(),
                     problem.space.parameters(),
                     {}};
      Recorder recorder(*searcher, run);
      RunSearch(recorder, knowledge, *task.truth, options);
      history.runs_.emplace_back(&task, std::move(run));
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
