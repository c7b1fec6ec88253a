#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/cpu_time.h"
#include "foothold/record.h"
#include "foothold/searcher.h"
#include "foothold/tuner.h"
#include "measure/comparison.h"
#include "measure/runner.h"
#include "tune/batch.h"
#include "tune/correct_trials.h"
#include "tune/final.h"
#include "tune/journal.h"
#include "tune/loop.h"
#include "tune/withdrawals.h"

namespace foothold::tune {

/// One session of a run, a batch at a time: RunLoop takes batches until the session is to end, and
/// so does who shares a budget between several sessions. Trials are in loop.cc, builds without a
/// run in loop_builds.cc, what comes to light after a trial in loop_final.cc.
class LoopSession {
 public:
  LoopSession(const LoopParts& parts, const TunerOptions& options,
              const std::function<void(const TunerProgress&)>& on_progress,
              const std::atomic<bool>& interrupt)
      : parts_(parts),
        searcher_(parts.searcher),
        runner_(parts.runner),
        journal_(parts.journal),
        options_(options),
        on_progress_(on_progress),
        interrupt_(interrupt),
        start_(parts.clock.MonotonicSeconds()),
        correct_(!parts.times_are_exact || parts.candidates_can_harm_host) {
    if (!options.retry_unfinished) withdrawals_ = journal_.recorded().withdrawals();
    result_.progress.planned = std::min(options.trials, parts.space.valid_count());
    result_.progress.max_seconds = options.max_seconds;
  }

  /// Builds what the searcher asks for and proposes the next batch, unless that is done; or says
  /// why the session is to end. `options.trials` may grow between two calls of these. REQUIRES: no
  /// call has said so or failed.
  Result<std::optional<StopReason>> Prepare();
  /// The same, and then measures and observes the batch.
  Result<std::optional<StopReason>> Step();
  /// Tells the leaders apart and ends the session, which is over then.
  Result<TuneResult> Finish(StopReason stop);
  /// What has come of it so far.
  const TuneResult& so_far() const { return result_; }
  /// Searcher::ExpectedGain of the batch that is prepared.
  std::optional<double> ExpectedGain() const { return searcher_.ExpectedGain(); }

 private:
  /// Tells the journal, when it ends, what the searcher took.
  struct Search {
    Journal& journal;
    double start = base::ThreadCpuSeconds();
    ~Search() { journal.Searched(base::ThreadCpuSeconds() - start); }
  };

  bool Concludes();
  std::vector<Config> BuildsWanted();
  Result<bool> ProvideBuilds();
  Status BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports);
  Status SaveBuilds(std::vector<BuildReport> built, std::vector<BuildReport>& reports);
  Status DespiteFailedBuild(std::span<const Config> left, const Status& status,
                            std::vector<BuildReport>& reports);
  void CountBuild(const BuildReport& report);
  Batch Propose(std::uint64_t first_trial);
  void Observe(const Batch& batch);
  Status Recall(Batch& batch);
  Status MeasureRest(Batch& batch);
  Status GiveUp(Batch& batch, const Failure& failure);
  Status MeasureTogether(Batch& batch, std::size_t count);
  Status Announce(const Batch& batch, std::size_t first, std::size_t count);
  Status DespiteFailedInfrastructure(Batch& batch, const Status& status);
  Status Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced,
              WithdrawalCause cause = WithdrawalCause::kOther);
  Status TakeBack(std::uint64_t found_at, std::span<const measure::Demotion> demotions);
  void CountDemotion(const DemotedRecord& record);
  Status TellLeadersApart();
  Result<std::optional<FinalRecord>> FinalOf(std::span<const std::size_t> leaders);
  Result<std::optional<FinalRecord>> HoldFinal(std::span<const std::size_t> leaders);

  void Count(std::uint64_t trial, const Measurement& measurement);
  void ReportProgress();
  void ReportFinal(const measure::Comparison& so_far) {
    result_.progress.final = ProgressOf(so_far, options_.repeats.final_rounds);
    ReportProgress();
  }
  StopReason WhyCutShort() const;
  std::optional<Failure> WhyGivenUp(std::uint64_t trial) const;
  /// Of the trials that a batch of the runner left unmeasured.
  WithdrawalCause CauseOf(const Status& status) const;
  /// An interrupt that cut a candidate short is the user's wish, no error.
  Status UnlessCancelled(const Status& status) const {
    return interrupt_ && status.code() == StatusCode::kCancelled ? Status() : status;
  }
  /// How long the final may take, at most a fifth of the session.
  double FinalSeconds() const {
    if (parts_.times_are_exact || options_.repeats.final_rounds == 0) return 0;
    const double session_s = options_.max_seconds.value_or(std::numeric_limits<double>::infinity());
    return std::min(options_.repeats.final_seconds, session_s / 5);
  }
  bool OutOfTime() const {
    return options_.max_seconds && Elapsed() >= *options_.max_seconds - FinalSeconds();
  }
  bool ShouldStop() const { return interrupt_ || OutOfTime(); }
  double Elapsed() const { return parts_.clock.MonotonicSeconds() - start_; }

  const LoopParts& parts_;
  Searcher& searcher_;
  measure::Runner& runner_;
  Journal& journal_;
  const TunerOptions& options_;
  const std::function<void(const TunerProgress&)>& on_progress_;
  const std::atomic<bool>& interrupt_;
  double start_;

  std::uint64_t next_trial_ = 0;   // the first of the next batch
  std::optional<Batch> prepared_;  // proposed, nothing of it measured
  Withdrawals withdrawals_;
  std::uint64_t failed_builds_of_ = 0;  // the number of the build for which the infrastructure
  std::size_t failed_builds_ = 0;       // failed last, and how often
  TuneResult result_;
  CorrectTrials correct_;
  std::vector<Measurement> retractions_;  // what the searcher is yet to be told of
};

/// Batches until the session is to end, and why it is.
Result<StopReason> StepToTheEnd(LoopSession& session);

}  // namespace foothold::tune
