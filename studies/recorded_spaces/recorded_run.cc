#include "studies/recorded_spaces/recorded_run.h"

#include "base/check.h"
#include "base/cpu_time.h"

namespace foothold {
namespace {

Measurement MeasurementOf(const Config& config, const RecordedTrial& trial) {
  Measurement measurement;
  measurement.config = config;
  measurement.outcome = trial.outcome;
  if (trial.outcome == Outcome::kCorrect) {
    measurement.seconds = {Seconds(trial)};
  } else {
    measurement.stage = trial.failure;
  }
  return measurement;
}

BuildReport BuildOf(const Config& config, const RecordedTrial& trial) {
  BuildReport report;
  report.config = config;
  report.seconds = BuildCost(trial);
  if (!WasBuilt(trial)) report.failure = Failure{trial.outcome, trial.failure, "", 0};
  return report;
}

class Session {
 private:
  /// Adds what the call takes to the searcher's own time.
  template <typename Call>
  auto Timed(const Call& call) {
    struct Clock {
      double& total;
      double start = ThreadCpuSeconds();
      ~Clock() { total += ThreadCpuSeconds() - start; }
    };
    const Clock clock{run_.search_s};
    return call();
  }

 public:
  Session(Searcher& searcher, const ReplayedSpace& replayed, double stop_s)
      : searcher_(searcher),
        replayed_(replayed),
        stop_s_(stop_s),
        is_built_(replayed.space().valid_count()) {}

  bool done() const { return at_s_ >= stop_s_; }
  RecordedRun Take() { return std::move(run_); }

  void Build() {
    while (!done()) {
      const std::vector<Config> configs = Timed([&] { return searcher_.ProposeBuilds(); });
      if (configs.empty()) return;
      std::vector<BuildReport> reports;
      for (const Config& config : configs) {
        const std::uint64_t rank = RankOf(config);
        const RecordedTrial& trial = replayed_.trial(rank);
        if (!is_built_[rank]) at_s_ += BuildCost(trial);
        is_built_[rank] = true;
        reports.push_back(BuildOf(config, trial));
      }
      Timed([&] { searcher_.ObserveBuilds(reports); });
    }
  }

  /// False when there is nothing left to try.
  bool Measure(std::size_t count) {
    const std::vector<Config> configs = Timed([&] { return searcher_.Propose(count); });
    std::vector<Measurement> measurements;
    for (const Config& config : configs) {
      if (done()) return true;
      const std::uint64_t rank = RankOf(config);
      const RecordedTrial& trial = replayed_.trial(rank);
      at_s_ += replayed_.TrialCost(trial) - (is_built_[rank] ? BuildCost(trial) : 0);
      is_built_[rank] = true;
      run_.steps.push_back({rank, at_s_});
      measurements.push_back(MeasurementOf(config, trial));
    }
    Timed([&] { searcher_.Observe(measurements); });
    return !configs.empty();
  }

 private:
  std::uint64_t RankOf(const Config& config) const {
    const auto rank = replayed_.space().Rank(config);
    FOOTHOLD_CHECK(rank.has_value(), "the searcher left the recorded space");
    return *rank;
  }

  Searcher& searcher_;
  const ReplayedSpace& replayed_;
  const double stop_s_;
  std::vector<bool> is_built_;  // by rank
  double at_s_ = 0;
  RecordedRun run_;
};

}  // namespace

RecordedRun RunOnRecorded(Searcher& searcher, Knowledge knowledge, const ReplayedSpace& replayed,
                          double stop_s, std::size_t batch_size) {
  FOOTHOLD_CHECK(batch_size > 0);
  Session session(searcher, replayed, stop_s);
  while (!session.done()) {
    if (knowledge != Knowledge::kBlind) session.Build();
    if (!session.Measure(batch_size)) break;
  }
  return session.Take();
}

}  // namespace foothold
