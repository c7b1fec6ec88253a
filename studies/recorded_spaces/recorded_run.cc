#include "studies/recorded_spaces/recorded_run.h"

#include <limits>

#include "base/check.h"
#include "measure/replay_runner.h"
#include "tune/loop.h"
#include "tune/memory_journal.h"

namespace foothold::studies {
namespace {

/// What is recorded, as trials and builds. What was built once is not paid again.
class RecordedTuning {
 public:
  explicit RecordedTuning(const ReplayedSpace& replayed)
      : replayed_(replayed), is_built_(replayed.space().valid_count()) {}

  Measurement Measure(const Config& config) {
    const std::uint64_t rank = RankOf(config);
    const RecordedTrial& trial = replayed_.trial(rank);
    Measurement measurement;
    measurement.config = config;
    if (trial.outcome == Outcome::kCorrect) {
      measurement.seconds = {Seconds(trial)};
    } else {
      measurement.failure = {trial.outcome, trial.failure, ""};
    }
    measurement.run_seconds = replayed_.TrialCost(trial) - (is_built_[rank] ? BuildCost(trial) : 0);
    is_built_[rank] = true;
    return measurement;
  }

  BuildReport Build(const Config& config) {
    const std::uint64_t rank = RankOf(config);
    const RecordedTrial& trial = replayed_.trial(rank);
    BuildReport report;
    report.config = config;
    if (!is_built_[rank]) report.seconds = BuildCost(trial);
    is_built_[rank] = true;
    if (!WasBuilt(trial)) report.failure = Failure{trial.outcome, trial.failure, ""};
    return report;
  }

  std::uint64_t RankOf(const Config& config) const {
    const auto rank = replayed_.space().Rank(config);
    FOOTHOLD_CHECK(rank.has_value(), "the searcher left the recorded space");
    return *rank;
  }

 private:
  const ReplayedSpace& replayed_;
  std::vector<bool> is_built_;  // by rank
};

}  // namespace

RecordedRun RunOnRecorded(Searcher& searcher, Knowledge knowledge, const ReplayedSpace& replayed,
                          double stop_s, std::size_t batch_size) {
  FOOTHOLD_CHECK(batch_size > 0);
  RecordedTuning tuning(replayed);
  measure::VirtualClock clock;
  const auto runner =
      measure::MakeReplayRunner({[&](const Config& config) { return tuning.Measure(config); },
                                 [&](const Config& config) { return tuning.Build(config); }},
                                clock);
  tune::MemoryJournal journal(clock);
  TunerOptions options;
  options.trials = std::numeric_limits<std::uint64_t>::max();
  options.max_seconds = stop_s;
  options.batch_size = batch_size;
  options.knowledge = knowledge;
  options.stop_early = false;
  const auto result = tune::RunLoop({replayed.space(), searcher, *runner, journal, clock}, options);
  FOOTHOLD_CHECK(result.ok(), "nothing can fail but candidates");
  RecordedRun run;
  run.search_s = journal.search_seconds();
  for (const tune::MemoryJournal::Trial& trial : journal.trials()) {
    run.steps.push_back({tuning.RankOf(trial.measurement.config), trial.ended_s});
  }
  return run;
}

}  // namespace foothold::studies
