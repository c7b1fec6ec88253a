// The loop of Foothold, and the only place that sees searcher, runner and log together.
//
// Trials are numbered by proposal: trial t belongs to the batch in which it was proposed, whatever
// became of it. Batches are proposed whole and observed whole, so a budget, an interrupt or a crash
// may cut the measuring of a batch anywhere: the next session proposes the same batch again, takes
// from the log what is there, and measures the rest. That is all there is to resuming.
#include "foothold/tuner.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "foothold/searcher.h"
#include "measure/runner.h"
#include "process/signal_sender.h"
#include "tune/batch.h"
#include "tune/final.h"
#include "tune/first_failures.h"
#include "tune/recorded_trials.h"
#include "tune/run_identity.h"
#include "tune/tune_with.h"
#include "tune/withdrawals.h"

namespace foothold {
namespace {

/// AutoTVM's number for a process that died (docs/reference/vta-and-autotvm.md#error-numbers).
constexpr int kRuntimeDevice = 4;
/// Builds without a run that are saved together.
constexpr std::size_t kBuildsTogether = 64;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// One session of a run: from opening the log until a budget is spent.
class TuneSession {
 public:
  TuneSession(const TargetTask& task, std::unique_ptr<Searcher> searcher,
              std::unique_ptr<Runner> runner, const TunerOptions& options, Env& env,
              const std::function<void(const TunerProgress&)>& on_progress,
              const std::atomic<bool>& interrupt)
      : task_(task),
        searcher_(std::move(searcher)),
        runner_(std::move(runner)),
        options_(options),
        env_(env),
        on_progress_(on_progress),
        interrupt_(interrupt),
        start_(env.MonotonicSeconds()) {
    result_.progress.planned = std::min(options.trials, task.space().valid_count());
    result_.progress.max_seconds = options.max_seconds;
  }

  Result<RunStart> Open(const RunHeader& header, const std::string& log_path);
  Result<TuneResult> Run();

 private:
  Result<StopReason> Loop();
  Result<bool> ProvideBuilds();
  Status BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports);
  Status SaveBuilds(std::vector<BuildReport> built, std::vector<BuildReport>& reports);
  Status DespiteFailedBuild(std::span<const Config> left, const Status& status,
                            std::vector<BuildReport>& reports);
  void CountBuild(const BuildReport& report);
  Batch Propose(std::uint64_t first_trial);
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
  void ReportFinal(const Comparison& so_far) {
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
    if (task_.TimesAreExact() || options_.repeats.final_rounds == 0) return 0;
    return std::min(options_.repeats.final_seconds, options_.max_seconds.value_or(kNoLimit) / 5);
  }
  bool OutOfTime() const {
    return options_.max_seconds && Elapsed() >= *options_.max_seconds - FinalSeconds();
  }
  bool ShouldStop() const { return interrupt_ || OutOfTime(); }
  double Elapsed() const { return env_.MonotonicSeconds() - start_; }

  const TargetTask& task_;
  std::unique_ptr<Searcher> searcher_;
  std::unique_ptr<Runner> runner_;
  const TunerOptions& options_;
  Env& env_;
  const std::function<void(const TunerProgress&)>& on_progress_;
  const std::atomic<bool>& interrupt_;
  double start_;

  std::unique_ptr<LogWriter> log_;
  RecordedTrials recorded_;
  Withdrawals withdrawals_;
  std::uint64_t failed_builds_of_ = 0;  // the number of the build for which the infrastructure
  std::size_t failed_builds_ = 0;       // failed last, and how often
  TuneResult result_;
  std::uint64_t incumbent_trial_ = 0;
  // The correct trials, where times are not exact.
  std::vector<Measurement> correct_;
  std::vector<std::uint64_t> correct_trials_;
};

Result<RunStart> TuneSession::Open(const RunHeader& header, const std::string& log_path) {
  FOOTHOLD_ASSIGN_OR_RETURN(log_, LogWriter::Open(env_, log_path));

  const LogContents& contents = log_->contents();
  result_.repaired = contents.repaired;
  FOOTHOLD_ASSIGN_OR_RETURN(FoundRun found, FindRun(contents, log_path, header, options_.resume));
  RunStart start;
  start.log = log_path;
  start.planned = result_.progress.planned;
  start.resume = options_.resume;
  start.changes = std::move(found.changes);
  if (found.changed_since) start.changed_since = contents.runs[*found.changed_since].run;
  if (found.index) {
    const RunLog& run = contents.runs[*found.index];
    log_->ContinueRun(*found.index);
    recorded_ = RecordedTrials(run, log_path);
    if (!options_.retry_unfinished) withdrawals_ = Withdrawals(run);
    start.run = run.run;
    start.resumed = true;
    start.trials = std::min<std::uint64_t>(run.trials.size(), start.planned);
    start.dependencies_unknown = !run.header.dependencies;
  } else {
    start.run = contents.runs.empty() ? 1 : contents.runs.back().run + 1;
    FOOTHOLD_RETURN_IF_ERROR(log_->BeginRun(header));
  }
  result_.run = start.run;
  result_.start = start;
  return start;
}

Result<TuneResult> TuneSession::Run() {
  FOOTHOLD_ASSIGN_OR_RETURN(result_.stop, Loop());
  FOOTHOLD_RETURN_IF_ERROR(TellLeadersApart());
  FOOTHOLD_RETURN_IF_ERROR(log_->Sync());
  result_.steadiness = runner_->steadiness();
  ReportProgress();
  return result_;
}

Result<StopReason> TuneSession::Loop() {
  for (std::uint64_t trial = 0; trial < options_.trials;) {
    if (interrupt_) return StopReason::kInterrupted;
    FOOTHOLD_ASSIGN_OR_RETURN(const bool built, ProvideBuilds());
    if (!built) return WhyCutShort();
    if (options_.stop_early) result_.conclusion = searcher_->Conclusion();
    if (!result_.conclusion.empty()) return StopReason::kConcluded;
    Batch batch = Propose(trial);
    if (batch.proposals.empty()) return StopReason::kSpaceExhausted;
    FOOTHOLD_RETURN_IF_ERROR(Recall(batch));
    FOOTHOLD_RETURN_IF_ERROR(MeasureRest(batch));
    if (!batch.complete()) return WhyCutShort();
    searcher_->Observe(batch.measurements);
    trial += batch.proposals.size();
  }
  return StopReason::kTrials;
}

/// Builds what the searcher asks for until it asks for nothing; false when that was cut short.
Result<bool> TuneSession::ProvideBuilds() {
  if (options_.knowledge == Knowledge::kBlind) return true;
  for (;;) {
    const std::vector<Config> configs = searcher_->ProposeBuilds();
    if (configs.empty()) return true;
    std::vector<BuildReport> reports;
    for (std::size_t i = 0; i < configs.size(); ++i) {
      const std::uint64_t number = result_.progress.builds;
      FOOTHOLD_RETURN_IF_ERROR(recorded_.CheckBuild(number, configs[i], task_.space()));
      const BuildReport* recorded = recorded_.Built(number);
      if (recorded == nullptr) break;
      reports.push_back(*recorded);
      CountBuild(*recorded);
    }
    FOOTHOLD_RETURN_IF_ERROR(BuildRest(configs, reports));
    if (reports.size() < configs.size()) return false;
    searcher_->ObserveBuilds(reports);
  }
}

/// Builds the configs that have no report yet, in order, as far as the budgets go.
Status TuneSession::BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports) {
  while (reports.size() < configs.size() && !ShouldStop()) {
    const std::size_t count = std::min(kBuildsTogether, configs.size() - reports.size());
    BuiltBatch built =
        runner_->Build(configs.subspan(reports.size(), count), [this] { return ShouldStop(); });
    FOOTHOLD_RETURN_IF_ERROR(SaveBuilds(std::move(built.reports), reports));
    if (CauseOf(built.status) == WithdrawalCause::kInfrastructure) {
      built.status = DespiteFailedBuild(configs.subspan(reports.size()), built.status, reports);
    }
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(built.status));
  }
  return {};
}

Status TuneSession::SaveBuilds(std::vector<BuildReport> built, std::vector<BuildReport>& reports) {
  std::vector<BuildRecord> records;
  for (const BuildReport& report : built) {
    records.push_back({result_.progress.builds + records.size(), report, env_.WallClockSeconds()});
  }
  FOOTHOLD_RETURN_IF_ERROR(log_->AppendBuilds(records));
  for (BuildReport& report : built) {
    CountBuild(report);
    reports.push_back(std::move(report));
  }
  ReportProgress();
  return {};
}

/// The infrastructure failed for the first of `left`. Ok when others of them do build: then it is
/// tried once more, and given up.
Status TuneSession::DespiteFailedBuild(std::span<const Config> left, const Status& status,
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
    const BuiltBatch built =
        runner_->Build(left.subspan(other, 1), [this] { return interrupt_.load(); });
    if (built.reports.empty()) return status;
    const auto& failure = built.reports.front().failure;
    if (!failure || failure->outcome != Outcome::kConstraints) return {};
  }
  return status;
}

void TuneSession::CountBuild(const BuildReport& report) {
  ++result_.progress.builds;
  result_.search_build_seconds += report.seconds;
}

/// Always a whole batch, even when the budget ends inside it: what is proposed must not depend on
/// the budget, or a later session with a larger one would part ways with an undisturbed run.
Batch TuneSession::Propose(std::uint64_t first_trial) {
  Batch batch;
  batch.first_trial = first_trial;
  batch.proposals = searcher_->Propose(options_.batch_size);
  return batch;
}

/// Takes from the log what it holds of the batch.
Status TuneSession::Recall(Batch& batch) {
  for (std::size_t slot = 0; slot < batch.proposals.size(); ++slot) {
    const std::uint64_t trial = batch.first_trial + slot;
    FOOTHOLD_RETURN_IF_ERROR(recorded_.Check(trial, batch.proposals[slot], task_.space()));
    const Measurement* finished = recorded_.Finished(trial);
    if (finished == nullptr || trial >= options_.trials) continue;
    batch.measurements.push_back(*finished);
    ++result_.resumed;
    Count(trial, *finished);
  }
  return {};
}

/// Measures the rest of the batch, in order, as far as the budgets go.
Status TuneSession::MeasureRest(Batch& batch) {
  const std::uint64_t end =
      std::min<std::uint64_t>(batch.proposals.size(), options_.trials - batch.first_trial);
  // Whatever is under way when the host goes down takes the blame. So where candidates can do that,
  // no more are announced at a time than run at a time.
  const std::size_t together =
      task_.CandidatesCanHarmHost() ? runner_->parallelism() : options_.batch_size;
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
std::optional<Failure> TuneSession::WhyGivenUp(std::uint64_t trial) const {
  if (!task_.CandidatesCanHarmHost()) return std::nullopt;
  if (withdrawals_.IsGivenUp(trial)) return withdrawals_.FailureOf(trial, "");
  if (options_.retry_unfinished || !recorded_.Unfinished(trial)) return std::nullopt;
  return Failure{Outcome::kRuntime, "tuner", "the tuner died while this config ran",
                 kRuntimeDevice};
}

/// Records the batch's next trial as failed.
Status TuneSession::GiveUp(Batch& batch, const Failure& failure) {
  Measurement measurement;
  measurement.config = batch.proposals[batch.measurements.size()];
  measurement.outcome = failure.outcome;
  measurement.stage = failure.stage;
  measurement.reason = failure.reason;
  measurement.autotvm_error = failure.autotvm_error;
  ++result_.skipped_unfinished;
  return Save(batch, {std::move(measurement)}, 1);
}

/// `count` trials of the batch are about to run, from the one at `first` on.
Status TuneSession::Announce(const Batch& batch, std::size_t first, std::size_t count) {
  std::vector<StartedRecord> started;
  for (std::size_t i = first; i < first + count; ++i) {
    started.push_back({batch.first_trial + i, batch.proposals[i]});
  }
  return log_->Started(started);
}

/// Announces the batch's next `count` trials and measures them.
Status TuneSession::MeasureTogether(Batch& batch, std::size_t count) {
  const std::size_t first = batch.measurements.size();
  FOOTHOLD_RETURN_IF_ERROR(Announce(batch, first, count));
  // What is under way on a device is seen through, whatever the clock says. An interrupt may cut it
  // short (MakeInterruptibleEnv).
  const bool run_all = task_.CandidatesCanHarmHost();
  MeasuredBatch measured = runner_->Measure(std::span(batch.proposals).subspan(first, count),
                                            [&] { return !run_all && ShouldStop(); });
  const std::size_t count_measured = measured.measurements.size();
  FOOTHOLD_RETURN_IF_ERROR(
      Save(batch, std::move(measured.measurements), count, CauseOf(measured.status)));
  result_.progress.measured += count_measured;
  ReportProgress();
  return CauseOf(measured.status) == WithdrawalCause::kInfrastructure
             ? DespiteFailedInfrastructure(batch, measured.status)
             : UnlessCancelled(measured.status);
}

WithdrawalCause TuneSession::CauseOf(const Status& status) const {
  if (status.ok() || !task_.CandidatesCanHarmHost()) return WithdrawalCause::kOther;
  if (interrupt_) {
    return InterruptSenderIsGone() ? WithdrawalCause::kSignal : WithdrawalCause::kOther;
  }
  return runner_->HasDiagnosis() ? WithdrawalCause::kOther : CauseOfFailed(status);
}

/// The infrastructure failed for the batch's next trial, which was withdrawn. Ok when the run need
/// not end: the trial is given up, or another config can be measured, so that a second try shows
/// whose fault it is.
Status TuneSession::DespiteFailedInfrastructure(Batch& batch, const Status& status) {
  if (withdrawals_.IsGivenUp(batch.next_trial())) {
    return GiveUp(batch, withdrawals_.FailureOf(batch.next_trial(), status.message()));
  }
  for (std::size_t other = batch.measurements.size() + 1; other < batch.proposals.size(); ++other) {
    FOOTHOLD_RETURN_IF_ERROR(Announce(batch, other, 1));
    const MeasuredBatch measured = runner_->Measure(std::span(batch.proposals).subspan(other, 1),
                                                    [this] { return interrupt_.load(); });
    // It is measured again in its turn.
    FOOTHOLD_RETURN_IF_ERROR(log_->Append({}, {{batch.first_trial + other}}));
    if (measured.measurements.empty()) return status;
    const Outcome outcome = measured.measurements.front().outcome;
    if (outcome != Outcome::kConstraints && outcome != Outcome::kCompile) return {};  // it ran
  }
  return status;
}

/// Appends the measurements of the batch's next trials to the log, and only then counts on them. Of
/// the `announced` next trials, those without a measurement are withdrawn: they would look as if
/// they had taken the host down.
Status TuneSession::Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced,
                         WithdrawalCause cause) {
  std::vector<TrialRecord> records;
  for (const Measurement& measurement : measurements) {
    records.push_back({batch.next_trial() + records.size(), measurement, env_.WallClockSeconds()});
  }
  const std::vector<WithdrawnRecord> withdrawn =
      Withdrawn(batch.next_trial() + measurements.size(), batch.next_trial() + announced, cause);
  FOOTHOLD_RETURN_IF_ERROR(log_->Append(records, withdrawn));
  for (const WithdrawnRecord& record : withdrawn) withdrawals_.Count(record.trial, record.cause);
  for (Measurement& measurement : measurements) {
    Count(batch.next_trial(), measurement);
    batch.measurements.push_back(std::move(measurement));
  }
  return {};
}

/// By a final, unless the log has it already or there is no need or time for one.
Status TuneSession::TellLeadersApart() {
  const std::vector<std::size_t> leaders = LeadersOf(correct_, options_.repeats);
  for (const std::size_t leader : leaders) result_.tied.push_back(correct_[leader]);
  std::optional<FinalRecord> final;
  if (const FinalRecord* recorded = recorded_.Final(result_.progress.finished)) {
    final = *recorded;
  } else if (leaders.size() > 1 && !interrupt_ && FinalSeconds() > 0) {
    FOOTHOLD_ASSIGN_OR_RETURN(final, HoldFinal(leaders));
  }
  if (!final) return {};
  result_.final_rounds = final->finalists.front().seconds.size();
  result_.tied = TiedIn(*final, [this](std::uint64_t trial) -> const Measurement& {
    const auto found = std::find(correct_trials_.begin(), correct_trials_.end(), trial);
    FOOTHOLD_CHECK(found != correct_trials_.end(), "the log reader takes correct finalists only");
    return correct_[static_cast<std::size_t>(found - correct_trials_.begin())];
  });
  return {};
}

/// nullopt when it came to nothing: it was interrupted, or there was no time for a round.
Result<std::optional<FinalRecord>> TuneSession::HoldFinal(std::span<const std::size_t> leaders) {
  std::vector<Config> configs;
  std::vector<std::uint64_t> trials;
  for (const std::size_t leader : leaders) {
    configs.push_back(correct_[leader].config);
    trials.push_back(correct_trials_[leader]);
  }
  Comparison nothing;
  nothing.candidates.resize(configs.size());
  ReportFinal(nothing);  // the first round comes after all builds
  const Result<Comparison> comparison = runner_->Compare(
      configs, options_.repeats, FinalSeconds(), options_.seed,
      [this] { return interrupt_.load(); },
      [this](const Comparison& so_far) { ReportFinal(so_far); });
  result_.progress.final.reset();
  if (!comparison.ok()) {
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(comparison.status()));
    result_.stop = StopReason::kInterrupted;
    return std::optional<FinalRecord>();
  }
  if (!comparison->best) return std::optional<FinalRecord>();
  FinalRecord final =
      MakeFinal(*comparison, trials, result_.progress.finished, env_.WallClockSeconds());
  FOOTHOLD_RETURN_IF_ERROR(log_->AppendFinal(final));
  return std::optional(std::move(final));
}

void TuneSession::Count(std::uint64_t trial, const Measurement& measurement) {
  TunerProgress& progress = result_.progress;
  ++progress.finished;
  ++progress.outcomes[measurement.outcome];
  result_.build_seconds += measurement.build_seconds;
  result_.run_seconds += measurement.run_seconds;
  NoteFirstFailure(measurement, result_);
  if (measurement.outcome != Outcome::kCorrect) return;
  if (!task_.TimesAreExact()) {
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

void TuneSession::ReportProgress() {
  result_.progress.elapsed_s = Elapsed();
  on_progress_(result_.progress);
}

StopReason TuneSession::WhyCutShort() const {
  if (result_.progress.finished >= options_.trials) return StopReason::kTrials;
  return interrupt_ ? StopReason::kInterrupted : StopReason::kTime;
}

}  // namespace

Result<TuneResult> TuneWith(const TargetTask& task, const RunHeader& header,
                            std::unique_ptr<Searcher> searcher, std::unique_ptr<Runner> runner,
                            const TunerOptions& options, const std::string& log_path, Env& env,
                            const std::function<void(const TunerProgress&)>& on_progress,
                            const std::atomic<bool>& interrupt,
                            const std::function<void(const RunStart&)>& on_start) {
  TuneSession session(task, std::move(searcher), std::move(runner), options, env, on_progress,
                      interrupt);
  FOOTHOLD_ASSIGN_OR_RETURN(const RunStart start, session.Open(header, log_path));
  on_start(start);
  FOOTHOLD_ASSIGN_OR_RETURN(TuneResult result, session.Run());
  result.changed_meanwhile = ChangedMeanwhile(task, header, options, env);
  return result;
}

}  // namespace foothold
