// The only place that sees searcher, runner and journal together.
//
// Trials are numbered by proposal: trial t belongs to the batch in which it was proposed, whatever
// became of it. Batches are proposed whole and observed whole, so a budget, an interrupt or a crash
// may cut the measuring of a batch anywhere: the next session proposes the same batch again, takes
// from the journal what is there, and measures the rest. That is all there is to resuming.
#include "tune/loop.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/cpu_time.h"
#include "base/signal_sender.h"
#include "records/log/tied.h"
#include "tune/batch.h"
#include "tune/final.h"
#include "tune/first_failures.h"
#include "tune/withdrawals.h"

namespace foothold::tune {
namespace {

/// AutoTVM's number for a process that died (docs/reference/vta-and-autotvm.md#error-numbers).
/// Builds without a run that are saved together.
constexpr std::size_t kBuildsTogether = 64;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// One session of a run, until a budget is spent.
class Loop {
 public:
  Loop(const LoopParts& parts, const TunerOptions& options,
       const std::function<void(const TunerProgress&)>& on_progress,
       const std::atomic<bool>& interrupt)
      : parts_(parts),
        searcher_(parts.searcher),
        runner_(parts.runner),
        journal_(parts.journal),
        options_(options),
        on_progress_(on_progress),
        interrupt_(interrupt),
        start_(parts.clock.MonotonicSeconds()) {
    if (!options.retry_unfinished) withdrawals_ = journal_.recorded().withdrawals();
    result_.progress.planned = std::min(options.trials, parts.space.valid_count());
    result_.progress.max_seconds = options.max_seconds;
  }

  Result<TuneResult> Run();

 private:
  /// Tells the journal, when it ends, what the searcher took.
  struct Search {
    Journal& journal;
    double start = base::ThreadCpuSeconds();
    ~Search() { journal.Searched(base::ThreadCpuSeconds() - start); }
  };

  Result<StopReason> RunTrials();
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
  Status TellLeadersApart();
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
    return std::min(options_.repeats.final_seconds, options_.max_seconds.value_or(kNoLimit) / 5);
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

  Withdrawals withdrawals_;
  std::uint64_t failed_builds_of_ = 0;  // the number of the build for which the infrastructure
  std::size_t failed_builds_ = 0;       // failed last, and how often
  TuneResult result_;
  std::uint64_t incumbent_trial_ = 0;
  // The correct trials, where times are not exact.
  std::vector<Measurement> correct_;
  std::vector<std::uint64_t> correct_trials_;
};

Result<TuneResult> Loop::Run() {
  FOOTHOLD_ASSIGN_OR_RETURN(result_.stop, RunTrials());
  FOOTHOLD_RETURN_IF_ERROR(TellLeadersApart());
  FOOTHOLD_RETURN_IF_ERROR(journal_.Sync());
  result_.steadiness = runner_.steadiness();
  ReportProgress();
  return result_;
}

Result<StopReason> Loop::RunTrials() {
  for (std::uint64_t trial = 0; trial < options_.trials;) {
    if (interrupt_) return StopReason::kInterrupted;
    FOOTHOLD_ASSIGN_OR_RETURN(const bool built, ProvideBuilds());
    if (!built) return WhyCutShort();
    if (Concludes()) return StopReason::kConcluded;
    Batch batch = Propose(trial);
    if (batch.proposals.empty()) return StopReason::kSpaceExhausted;
    FOOTHOLD_RETURN_IF_ERROR(Recall(batch));
    FOOTHOLD_RETURN_IF_ERROR(MeasureRest(batch));
    if (!batch.complete()) return WhyCutShort();
    Observe(batch);
    trial += batch.proposals.size();
  }
  return StopReason::kTrials;
}

/// Whether to stop because the searcher expects nothing better. It is asked until it says so once.
bool Loop::Concludes() {
  if (!result_.concluded_after) {
    const Search search{journal_};
    std::string conclusion = searcher_.Conclusion();
    if (conclusion.empty()) return false;
    result_.concluded_after = result_.progress.finished;
    if (options_.stop_early) result_.conclusion = std::move(conclusion);
  }
  return options_.stop_early;
}

std::vector<Config> Loop::BuildsWanted() {
  const Search search{journal_};
  return searcher_.ProposeBuilds();
}

void Loop::Observe(const Batch& batch) {
  const Search search{journal_};
  searcher_.Observe(batch.measurements);
}

/// Builds what the searcher asks for until it asks for nothing; false when that was cut short.
Result<bool> Loop::ProvideBuilds() {
  if (options_.knowledge == Knowledge::kBlind) return true;
  for (;;) {
    const std::vector<Config> configs = BuildsWanted();
    if (configs.empty()) return true;
    std::vector<BuildReport> reports;
    for (std::size_t i = 0; i < configs.size(); ++i) {
      const std::uint64_t number = result_.progress.builds;
      FOOTHOLD_RETURN_IF_ERROR(journal_.recorded().CheckBuild(number, configs[i], parts_.space));
      const BuildReport* recorded = journal_.recorded().Built(number);
      if (recorded == nullptr) break;
      reports.push_back(*recorded);
      CountBuild(*recorded);
    }
    FOOTHOLD_RETURN_IF_ERROR(BuildRest(configs, reports));
    if (reports.size() < configs.size()) return false;
    const Search search{journal_};
    searcher_.ObserveBuilds(reports);
  }
}

/// Builds the configs that have no report yet, in order, as far as the budgets go.
Status Loop::BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports) {
  while (reports.size() < configs.size() && !ShouldStop()) {
    const std::size_t count = std::min(kBuildsTogether, configs.size() - reports.size());
    measure::BuiltBatch built =
        runner_.Build(configs.subspan(reports.size(), count), [this] { return ShouldStop(); });
    FOOTHOLD_RETURN_IF_ERROR(SaveBuilds(std::move(built.reports), reports));
    if (CauseOf(built.status) == WithdrawalCause::kInfrastructure) {
      built.status = DespiteFailedBuild(configs.subspan(reports.size()), built.status, reports);
    }
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(built.status));
  }
  return {};
}

Status Loop::SaveBuilds(std::vector<BuildReport> built, std::vector<BuildReport>& reports) {
  std::vector<BuildRecord> records;
  for (const BuildReport& report : built) {
    records.push_back(
        {result_.progress.builds + records.size(), report, parts_.clock.WallClockSeconds()});
  }
  FOOTHOLD_RETURN_IF_ERROR(journal_.AppendBuilds(records));
  for (BuildReport& report : built) {
    CountBuild(report);
    reports.push_back(std::move(report));
  }
  ReportProgress();
  return {};
}

/// The infrastructure failed for the first of `left`. Ok when others of them do build: then it is
/// tried once more, and given up.
Status Loop::DespiteFailedBuild(std::span<const Config> left, const Status& status,
                                std::vector<BuildReport>& reports) {
  const std::uint64_t number = result_.progress.builds;
  failed_builds_ = failed_builds_of_ == number ? failed_builds_ + 1 : 1;
  failed_builds_of_ = number;
  if (failed_builds_ >= kMostWithdrawals) {
    BuildReport report;
    report.config = left.front();
    report.failure = GivenUpBuild(status.message());
    return SaveBuilds({std::move(report)}, reports);
  }
  for (std::size_t other = 1; other < left.size(); ++other) {
    const measure::BuiltBatch built =
        runner_.Build(left.subspan(other, 1), [this] { return interrupt_.load(); });
    if (built.reports.empty()) return status;
    const auto& failure = built.reports.front().failure;
    if (!failure || failure->outcome != Outcome::kConstraints) return {};
  }
  return status;
}

void Loop::CountBuild(const BuildReport& report) {
  ++result_.progress.builds;
  result_.search_build_seconds += report.seconds;
}

/// Always a whole batch, even when the budget ends inside it: what is proposed must not depend on
/// the budget, or a later session with a larger one would part ways with an undisturbed run.
Batch Loop::Propose(std::uint64_t first_trial) {
  Batch batch;
  batch.first_trial = first_trial;
  const Search search{journal_};
  batch.proposals = searcher_.Propose(options_.batch_size);
  return batch;
}

/// Takes from the journal what it holds of the batch.
Status Loop::Recall(Batch& batch) {
  for (std::size_t slot = 0; slot < batch.proposals.size(); ++slot) {
    const std::uint64_t trial = batch.first_trial + slot;
    FOOTHOLD_RETURN_IF_ERROR(journal_.recorded().Check(trial, batch.proposals[slot], parts_.space));
    const Measurement* finished = journal_.recorded().Finished(trial);
    if (finished == nullptr || trial >= options_.trials) continue;
    batch.measurements.push_back(*finished);
    ++result_.resumed;
    Count(trial, *finished);
  }
  return {};
}

/// Measures the rest of the batch, in order, as far as the budgets go.
Status Loop::MeasureRest(Batch& batch) {
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
std::optional<Failure> Loop::WhyGivenUp(std::uint64_t trial) const {
  if (!parts_.candidates_can_harm_host) return std::nullopt;
  if (withdrawals_.IsGivenUp(trial)) return withdrawals_.FailureOf(trial, "");
  if (options_.retry_unfinished || !journal_.recorded().Unfinished(trial)) return std::nullopt;
  return Failure{Outcome::kRuntime, "tuner", "the tuner died while this config ran"};
}

/// Records the batch's next trial as failed.
Status Loop::GiveUp(Batch& batch, const Failure& failure) {
  Measurement measurement;
  measurement.config = batch.proposals[batch.measurements.size()];
  measurement.failure = failure;
  ++result_.skipped_unfinished;
  return Save(batch, {std::move(measurement)}, 1);
}

/// `count` trials of the batch are about to run, from the one at `first` on.
Status Loop::Announce(const Batch& batch, std::size_t first, std::size_t count) {
  std::vector<StartedRecord> started;
  for (std::size_t i = first; i < first + count; ++i) {
    started.push_back({batch.first_trial + i, batch.proposals[i]});
  }
  return journal_.Started(started);
}

/// Announces the batch's next `count` trials and measures them.
Status Loop::MeasureTogether(Batch& batch, std::size_t count) {
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
  result_.progress.measured += count_measured;
  ReportProgress();
  return CauseOf(measured.status) == WithdrawalCause::kInfrastructure
             ? DespiteFailedInfrastructure(batch, measured.status)
             : UnlessCancelled(measured.status);
}

WithdrawalCause Loop::CauseOf(const Status& status) const {
  if (status.ok() || !parts_.candidates_can_harm_host) return WithdrawalCause::kOther;
  if (interrupt_) {
    return base::InterruptSenderIsGone() ? WithdrawalCause::kSignal : WithdrawalCause::kOther;
  }
  return runner_.HasDiagnosis() ? WithdrawalCause::kOther : CauseOfFailed(status);
}

/// The infrastructure failed for the batch's next trial, which was withdrawn. Ok when the run need
/// not end: the trial is given up, or another config can be measured, so that a second try shows
/// whose fault it is.
Status Loop::DespiteFailedInfrastructure(Batch& batch, const Status& status) {
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
Status Loop::Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced,
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

/// By a final, unless the journal has it already or there is no need or time for one.
Status Loop::TellLeadersApart() {
  const std::vector<std::size_t> leaders = measure::LeadersOf(correct_, options_.repeats);
  for (const std::size_t leader : leaders) result_.tied.push_back(correct_[leader]);
  std::optional<FinalRecord> final;
  if (const FinalRecord* recorded = journal_.recorded().Final(result_.progress.finished)) {
    final = *recorded;
  } else if (leaders.size() > 1 && !interrupt_ && FinalSeconds() > 0) {
    FOOTHOLD_ASSIGN_OR_RETURN(final, HoldFinal(leaders));
  }
  if (!final) return {};
  result_.final_rounds = final->finalists.front().seconds.size();
  result_.tied = records::TiedIn(*final, [this](std::uint64_t trial) -> const Measurement& {
    const auto found = std::find(correct_trials_.begin(), correct_trials_.end(), trial);
    FOOTHOLD_CHECK(found != correct_trials_.end(), "the log reader takes correct finalists only");
    return correct_[static_cast<std::size_t>(found - correct_trials_.begin())];
  });
  return {};
}

/// nullopt when it came to nothing: it was interrupted, or there was no time for a round.
Result<std::optional<FinalRecord>> Loop::HoldFinal(std::span<const std::size_t> leaders) {
  std::vector<Config> configs;
  std::vector<std::uint64_t> trials;
  for (const std::size_t leader : leaders) {
    configs.push_back(correct_[leader].config);
    trials.push_back(correct_trials_[leader]);
  }
  measure::Comparison nothing;
  nothing.candidates.resize(configs.size());
  ReportFinal(nothing);  // the first round comes after all builds
  const Result<measure::Comparison> comparison = runner_.Compare(
      configs, options_.repeats, FinalSeconds(), options_.seed,
      [this] { return interrupt_.load(); },
      [this](const measure::Comparison& so_far) { ReportFinal(so_far); });
  result_.progress.final.reset();
  if (!comparison.ok()) {
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(comparison.status()));
    result_.stop = StopReason::kInterrupted;
    return std::optional<FinalRecord>();
  }
  if (!comparison->best) return std::optional<FinalRecord>();
  FinalRecord final =
      MakeFinal(*comparison, trials, result_.progress.finished, parts_.clock.WallClockSeconds());
  FOOTHOLD_RETURN_IF_ERROR(journal_.AppendFinal(final));
  return std::optional(std::move(final));
}

void Loop::Count(std::uint64_t trial, const Measurement& measurement) {
  TunerProgress& progress = result_.progress;
  ++progress.finished;
  ++progress.outcomes[measurement.outcome()];
  result_.build_seconds += measurement.build_seconds;
  result_.run_seconds += measurement.run_seconds;
  NoteFirstFailure(measurement, result_);
  if (measurement.outcome() != Outcome::kCorrect) return;
  if (!parts_.times_are_exact) {
    correct_.push_back(measurement);
    correct_trials_.push_back(trial);
  }
  const std::pair merit(measurement.MedianSeconds(), trial);
  if (progress.incumbent &&
      merit >= std::pair(progress.incumbent->MedianSeconds(), incumbent_trial_)) {
    return;
  }
  progress.incumbent = measurement;
  incumbent_trial_ = trial;
}

void Loop::ReportProgress() {
  result_.progress.elapsed_s = Elapsed();
  if (on_progress_) on_progress_(result_.progress);
}

StopReason Loop::WhyCutShort() const {
  if (result_.progress.finished >= options_.trials) return StopReason::kTrials;
  return interrupt_ ? StopReason::kInterrupted : StopReason::kTime;
}

}  // namespace

Result<TuneResult> RunLoop(const LoopParts& parts, const TunerOptions& options,
                           const std::function<void(const TunerProgress&)>& on_progress,
                           const std::atomic<bool>& interrupt) {
  return Loop(parts, options, on_progress, interrupt).Run();
}

}  // namespace foothold::tune
