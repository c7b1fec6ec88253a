// The only place that sees searcher, runner and journal together.
//
// Trials are numbered by proposal: trial t belongs to the batch in which it was proposed, whatever
// became of it. Batches are proposed whole and observed whole, so a budget, an interrupt or a crash
// may cut the measuring of a batch anywhere: the next session proposes the same batch again, takes
// from the journal what is there, and measures the rest. That is all there is to resuming.
#include "tune/loop.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/signal_sender.h"
#include "tune/first_failures.h"
#include "tune/loop_session.h"

namespace foothold::tune {
Result<std::optional<StopReason>> LoopSession::Prepare() {
  using Ended = std::optional<StopReason>;
  if (next_trial_ >= options_.trials) return Ended(StopReason::kTrials);
  if (interrupt_) return Ended(StopReason::kInterrupted);
  if (prepared_) return Ended();
  FOOTHOLD_ASSIGN_OR_RETURN(const bool built, ProvideBuilds());
  if (!built) return Ended(WhyCutShort());
  if (Concludes()) return Ended(StopReason::kConcluded);
  Batch batch = Propose(next_trial_);
  if (batch.proposals.empty()) return Ended(StopReason::kSpaceExhausted);
  prepared_ = std::move(batch);
  return Ended();
}

Result<std::optional<StopReason>> LoopSession::Step() {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::optional<StopReason> ended, Prepare());
  if (ended) return ended;
  Batch batch = *std::exchange(prepared_, std::nullopt);
  FOOTHOLD_RETURN_IF_ERROR(Recall(batch));
  FOOTHOLD_RETURN_IF_ERROR(MeasureRest(batch));
  if (!batch.complete()) return std::optional(WhyCutShort());
  Observe(batch);
  next_trial_ += batch.proposals.size();
  return std::optional<StopReason>();
}

Result<TuneResult> LoopSession::Finish(StopReason stop) {
  result_.stop = stop;
  FOOTHOLD_RETURN_IF_ERROR(TellLeadersApart());
  FOOTHOLD_RETURN_IF_ERROR(journal_.Sync());
  result_.steadiness = runner_.steadiness();
  ReportProgress();
  return result_;
}

/// Whether to stop because the searcher expects nothing better. It is asked until it says so once.
bool LoopSession::Concludes() {
  if (!result_.concluded_after) {
    const Search search{journal_};
    std::string conclusion = searcher_.Conclusion();
    if (conclusion.empty()) return false;
    result_.concluded_after = result_.progress.finished;
    if (options_.stop_early) result_.conclusion = std::move(conclusion);
  }
  return options_.stop_early;
}

void LoopSession::Observe(const Batch& batch) {
  const Search search{journal_};
  searcher_.Observe(batch.measurements);
  for (const Measurement& demoted : retractions_) searcher_.Retract(demoted);
  retractions_.clear();
}

/// Always a whole batch, even when the budget ends inside it: what is proposed must not depend on
/// the budget, or a later session with a larger one would part ways with an undisturbed run.
Batch LoopSession::Propose(std::uint64_t first_trial) {
  Batch batch;
  batch.first_trial = first_trial;
  const Search search{journal_};
  batch.proposals = searcher_.Propose(options_.batch_size);
  return batch;
}

/// Takes from the journal what it holds of the batch. The searcher is told of each trial what it
/// was told at the time.
Status LoopSession::Recall(Batch& batch) {
  retractions_ = journal_.recorded().DemotedAt(batch.first_trial, batch.proposals.size());
  for (std::size_t slot = 0; slot < batch.proposals.size(); ++slot) {
    const std::uint64_t trial = batch.first_trial + slot;
    FOOTHOLD_RETURN_IF_ERROR(journal_.recorded().Check(trial, batch.proposals[slot], parts_.space));
    const Measurement* finished = journal_.recorded().Finished(trial);
    if (finished == nullptr || trial >= options_.trials) continue;
    batch.measurements.push_back(*finished);
    ++result_.resumed;
    Count(trial, *finished);
    if (const auto* demoted = journal_.recorded().Demoted(trial)) CountDemotion(*demoted);
  }
  return {};
}

/// Measures the rest of the batch, in order, as far as the budgets go.
Status LoopSession::MeasureRest(Batch& batch) {
  const std::uint64_t end =
      std::min<std::uint64_t>(batch.proposals.size(), options_.trials - batch.first_trial);
  // Whatever is under way when the host goes down takes the blame. So where candidates can do that,
  // no more are announced at a time than run at a time.
  const std::size_t together =
      parts_.candidates_can_harm_host ? runner_.parallelism() : options_.batch_size;
  while (batch.measurements.size() < end && !ShouldStop()) {
    if (const auto failure = WhyGivenUp(batch.next_trial())) {
      FOOTHOLD_RETURN_IF_ERROR(GiveUp(batch, *failure));
      continue;
    }
    std::size_t count = 1;
    while (count < together && batch.measurements.size() + count < end &&
           !WhyGivenUp(batch.next_trial() + count) && !withdrawals_.IsSuspect(batch.next_trial()) &&
           !withdrawals_.IsSuspect(batch.next_trial() + count)) {
      ++count;
    }
    FOOTHOLD_RETURN_IF_ERROR(MeasureTogether(batch, count));
  }
  return {};
}

/// Why the trial is not run, or not any more; nullopt when it is.
std::optional<Failure> LoopSession::WhyGivenUp(std::uint64_t trial) const {
  if (!parts_.candidates_can_harm_host) return std::nullopt;
  if (withdrawals_.IsGivenUp(trial)) return withdrawals_.FailureOf(trial, "");
  if (options_.retry_unfinished || !journal_.recorded().Unfinished(trial)) return std::nullopt;
  return Failure{Outcome::kRuntime, "tuner", "the tuner died while this config ran"};
}

/// Records the batch's next trial as failed.
Status LoopSession::GiveUp(Batch& batch, const Failure& failure) {
  Measurement measurement;
  measurement.config = batch.proposals[batch.measurements.size()];
  measurement.failure = failure;
  ++result_.skipped_unfinished;
  return Save(batch, {std::move(measurement)}, 1);
}

/// `count` trials of the batch are about to run, from the one at `first` on.
Status LoopSession::Announce(const Batch& batch, std::size_t first, std::size_t count) {
  std::vector<StartedRecord> started;
  for (std::size_t i = first; i < first + count; ++i) {
    started.push_back({batch.first_trial + i, batch.proposals[i]});
  }
  return journal_.Started(started);
}

/// Announces the batch's next `count` trials and measures them.
Status LoopSession::MeasureTogether(Batch& batch, std::size_t count) {
  const std::size_t first = batch.measurements.size();
  FOOTHOLD_RETURN_IF_ERROR(Announce(batch, first, count));
  // What is under way on a device is seen through, whatever the clock says. An interrupt may cut it
  // short (MakeInterruptibleEnv).
  const bool run_all = parts_.candidates_can_harm_host;
  measure::MeasuredBatch measured = runner_.Measure(
      std::span(batch.proposals).subspan(first, count), [&] { return !run_all && ShouldStop(); });
  const std::size_t count_measured = measured.measurements.size();
  FOOTHOLD_RETURN_IF_ERROR(
      Save(batch, std::move(measured.measurements), count, CauseOf(measured.status)));
  FOOTHOLD_RETURN_IF_ERROR(TakeBack(batch.first_trial + first, runner_.TakeDemotions()));
  result_.progress.measured += count_measured;
  ReportProgress();
  return CauseOf(measured.status) == WithdrawalCause::kInfrastructure
             ? DespiteFailedInfrastructure(batch, measured.status)
             : UnlessCancelled(measured.status);
}

WithdrawalCause LoopSession::CauseOf(const Status& status) const {
  if (status.ok() || !parts_.candidates_can_harm_host) return WithdrawalCause::kOther;
  if (interrupt_) {
    return base::InterruptSenderIsGone() ? WithdrawalCause::kSignal : WithdrawalCause::kOther;
  }
  return runner_.HasDiagnosis() ? WithdrawalCause::kOther : CauseOfFailed(status);
}

/// The infrastructure failed for the batch's next trial, which was withdrawn. Ok when the run need
/// not end: the trial is given up, or another config can be measured, so that a second try shows
/// whose fault it is.
Status LoopSession::DespiteFailedInfrastructure(Batch& batch, const Status& status) {
  if (withdrawals_.IsGivenUp(batch.next_trial())) {
    return GiveUp(batch, withdrawals_.FailureOf(batch.next_trial(), status.message()));
  }
  for (std::size_t other = batch.measurements.size() + 1; other < batch.proposals.size(); ++other) {
    FOOTHOLD_RETURN_IF_ERROR(Announce(batch, other, 1));
    const measure::MeasuredBatch measured = runner_.Measure(
        std::span(batch.proposals).subspan(other, 1), [this] { return interrupt_.load(); });
    // It is measured again in its turn.
    FOOTHOLD_RETURN_IF_ERROR(journal_.Append({}, {{batch.first_trial + other}}));
    if (measured.measurements.empty()) return status;
    const Outcome outcome = measured.measurements.front().outcome();
    if (outcome != Outcome::kConstraints && outcome != Outcome::kCompile) return {};  // it ran
  }
  return status;
}

/// Appends the measurements of the batch's next trials to the journal, and only then counts on
/// them. Of the `announced` next trials, those without a measurement are withdrawn: they would look
/// as if they had taken the host down.
Status LoopSession::Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced,
                         WithdrawalCause cause) {
  std::vector<TrialRecord> records;
  for (const Measurement& measurement : measurements) {
    records.push_back(
        {batch.next_trial() + records.size(), measurement, parts_.clock.WallClockSeconds()});
  }
  const std::vector<WithdrawnRecord> withdrawn =
      Withdrawn(batch.next_trial() + measurements.size(), batch.next_trial() + announced, cause);
  FOOTHOLD_RETURN_IF_ERROR(journal_.Append(records, withdrawn));
  for (const WithdrawnRecord& record : withdrawn) withdrawals_.Count(record.trial, record.cause);
  for (Measurement& measurement : measurements) {
    Count(batch.next_trial(), measurement);
    batch.measurements.push_back(std::move(measurement));
  }
  return {};
}

void LoopSession::Count(std::uint64_t trial, const Measurement& measurement) {
  TunerProgress& progress = result_.progress;
  ++progress.finished;
  ++progress.outcomes[measurement.outcome()];
  result_.build_seconds += measurement.build_seconds;
  result_.run_seconds += measurement.run_seconds;
  NoteFirstFailure(measurement, result_);
  if (measurement.outcome() != Outcome::kCorrect) return;
  correct_.Add(trial, measurement);
  progress.incumbent = correct_.best();
}

void LoopSession::ReportProgress() {
  result_.progress.elapsed_s = Elapsed();
  if (on_progress_) on_progress_(result_.progress);
}

StopReason LoopSession::WhyCutShort() const {
  if (result_.progress.finished >= options_.trials) return StopReason::kTrials;
  return interrupt_ ? StopReason::kInterrupted : StopReason::kTime;
}

Result<StopReason> StepToTheEnd(LoopSession& session) {
  std::optional<StopReason> ended;
  while (!ended) {
    FOOTHOLD_ASSIGN_OR_RETURN(ended, session.Step());
  }
  return *ended;
}

Result<TuneResult> RunLoop(const LoopParts& parts, const TunerOptions& options,
                           const std::function<void(const TunerProgress&)>& on_progress,
                           const std::atomic<bool>& interrupt) {
  LoopSession session(parts, options, on_progress, interrupt);
  FOOTHOLD_ASSIGN_OR_RETURN(const StopReason stop, StepToTheEnd(session));
  return session.Finish(stop);
}

}  // namespace foothold::tune
