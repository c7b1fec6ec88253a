#include "studies/time_to_best/search_run.h"

#include "base/check.h"
#include "measure/replay_runner.h"
#include "tune/loop.h"
#include "tune/memory_journal.h"

namespace foothold::studies {
namespace {

Failure FailureOf(const records::Verdict& verdict) { return {verdict.outcome, verdict.stage, ""}; }

BuildReport BuildOf(const records::GroundTruth& truth, const Config& config, double seconds) {
  const std::uint64_t index = truth.space().IndexOf(config);
  const records::Verdict& verdict = truth.verdict(index);
  BuildReport report;
  report.config = config;
  report.seconds = seconds;
  if (!verdict.built) {
    report.failure = FailureOf(verdict);
  } else {
    report.metrics = truth.program_metrics(index);
  }
  return report;
}

double CostOf(const records::Verdict& verdict, const StageCosts& costs) {
  if (verdict.outcome == Outcome::kTimeout) return costs.timeout_s;
  return verdict.built ? costs.run_s : costs.failing_compile_s;
}

Measurement MeasurementOf(const records::GroundTruth& truth, const Config& config,
                          const StageCosts& costs) {
  const std::uint64_t index = truth.space().IndexOf(config);
  const records::Verdict& verdict = truth.verdict(index);
  Measurement measurement;
  measurement.config = config;
  if (IsFailure(verdict.outcome)) measurement.failure = FailureOf(verdict);
  (verdict.built ? measurement.run_seconds : measurement.build_seconds) = CostOf(verdict, costs);
  if (verdict.built) measurement.metrics = truth.program_metrics(index);
  if (verdict.outcome == Outcome::kCorrect) measurement.seconds = {*truth.seconds(index)};
  return measurement;
}

/// Also asks the searcher what it expects of each trial, and counts its time as time of tuning.
class SearchJournal : public tune::MemoryJournal {
 public:
  SearchJournal(Searcher& searcher, measure::VirtualClock& clock)
      : MemoryJournal(clock), searcher_(searcher), clock_(clock) {}

  const std::vector<std::optional<double>>& probabilities() const { return probabilities_; }

  Status Started(const std::vector<StartedRecord>& records) override {
    for (const StartedRecord& record : records) {
      probabilities_.push_back(searcher_.ProbabilityValid(record.config));
    }
    return MemoryJournal::Started(records);
  }
  void Searched(double cpu_seconds) override {
    MemoryJournal::Searched(cpu_seconds);
    clock_.Advance(cpu_seconds);
  }

 private:
  Searcher& searcher_;
  measure::VirtualClock& clock_;
  std::vector<std::optional<double>> probabilities_;  // by trial
};

}  // namespace

SearchRun RunSearch(Searcher& searcher, Knowledge knowledge, const records::GroundTruth& truth,
                    const SearchRunOptions& options) {
  FOOTHOLD_CHECK(truth.complete() && options.batch_size > 0);
  measure::VirtualClock clock;
  const auto runner = measure::MakeReplayRunner(
      {[&](const Config& config) { return MeasurementOf(truth, config, options.costs); },
       [&](const Config& config) { return BuildOf(truth, config, options.build_s); }},
      clock);
  SearchJournal journal(searcher, clock);
  TunerOptions tuner_options;
  tuner_options.trials = options.budget;
  tuner_options.batch_size = options.batch_size;
  tuner_options.knowledge = knowledge;
  tuner_options.stop_early = false;
  const auto result =
      tune::RunLoop({truth.space(), searcher, *runner, journal, clock}, tuner_options);
  FOOTHOLD_CHECK(result.ok(), "nothing can fail but candidates");
  SearchRun run;
  run.search_s = journal.search_seconds();
  run.concluded = result->concluded_after;
  run.builds = journal.builds();
  for (const tune::MemoryJournal::Trial& trial : journal.trials()) {
    const Measurement& measurement = trial.measurement;
    const bool correct = measurement.outcome() == Outcome::kCorrect;
    run.steps.push_back({measurement.outcome(), correct ? measurement.MedianSeconds() : 0,
                         trial.ended_s, trial.builds, journal.probabilities()[run.steps.size()]});
    run.trials.push_back(measurement);
  }
  return run;
}

}  // namespace foothold::studies
