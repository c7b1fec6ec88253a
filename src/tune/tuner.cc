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
#include "measure/device_runner.h"
#include "measure/in_process_runner.h"
#include "tune/final.h"
#include "tune/recorded_trials.h"
#include "tune/run_identity.h"
#include "tune/tune_with.h"
#include "tune/tuner_options.h"

namespace foothold {
namespace {

/// AutoTVM's number for a candidate that took its process down (reference F.9).
constexpr int kRuntimeDevice = 4;
/// Builds without a run that are saved together.
constexpr std::size_t kBuildsTogether = 64;
/// Why trials failed: so many different reasons are told.
constexpr std::size_t kMostReasons = 3;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Proposals that are observed together, and what became of the first of them.
struct Batch {
  std::uint64_t first_trial = 0;
  std::vector<Config> proposals;
  std::vector<Measurement> measurements;

  std::uint64_t next_trial() const { return first_trial + measurements.size(); }
  bool complete() const { return measurements.size() == proposals.size(); }
};

/// One session of a run: from opening the log until a budget is spent.
class Session {
 public:
  Session(const TargetTask& task, std::unique_ptr<Searcher> searcher,
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
  void CountBuild(const BuildReport& report);
  Batch Propose(std::uint64_t first_trial);
  Status Recall(Batch& batch);
  Status MeasureRest(Batch& batch);
  Status GiveUp(Batch& batch);
  Status MeasureTogether(Batch& batch, std::size_t count);
  Status Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced);
  Status TellLeadersApart();
  Result<std::optional<FinalRecord>> HoldFinal(std::span<const std::size_t> leaders);

  void Count(std::uint64_t trial, const Measurement& measurement);
  void CountReason(const Measurement& measurement);
  void ReportProgress();
  void ReportFinal(const Comparison& so_far) {
    result_.progress.final = ProgressOf(so_far, options_.repeats.final_rounds);
    ReportProgress();
  }
  StopReason WhyCutShort() const;
  bool TookHostDown(std::uint64_t trial) const {
    return task_.CandidatesCanHarmHost() && !options_.retry_unfinished &&
           recorded_.Unfinished(trial);
  }
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
  TuneResult result_;
  std::uint64_t incumbent_trial_ = 0;
  // The correct trials, where times are not exact.
  std::vector<Measurement> correct_;
  std::vector<std::uint64_t> correct_trials_;
};

Result<RunStart> Session::Open(const RunHeader& header, const std::string& log_path) {
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

Result<TuneResult> Session::Run() {
  FOOTHOLD_ASSIGN_OR_RETURN(result_.stop, Loop());
  FOOTHOLD_RETURN_IF_ERROR(TellLeadersApart());
  FOOTHOLD_RETURN_IF_ERROR(log_->Sync());
  result_.steadiness = runner_->steadiness();
  ReportProgress();
  return result_;
}

Result<StopReason> Session::Loop() {
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
Result<bool> Session::ProvideBuilds() {
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
Status Session::BuildRest(std::span<const Config> configs, std::vector<BuildReport>& reports) {
  while (reports.size() < configs.size() && !ShouldStop()) {
    const std::size_t count = std::min(kBuildsTogether, configs.size() - reports.size());
    BuiltBatch built =
        runner_->Build(configs.subspan(reports.size(), count), [this] { return ShouldStop(); });
    std::vector<BuildRecord> records;
    for (const BuildReport& report : built.reports) {
      records.push_back(
          {result_.progress.builds + records.size(), report, env_.WallClockSeconds()});
    }
    FOOTHOLD_RETURN_IF_ERROR(log_->AppendBuilds(records));
    for (BuildReport& report : built.reports) {
      CountBuild(report);
      reports.push_back(std::move(report));
    }
    ReportProgress();
    FOOTHOLD_RETURN_IF_ERROR(UnlessCancelled(built.status));
  }
  return {};
}

void Session::CountBuild(const BuildReport& report) {
  ++result_.progress.builds;
  result_.search_build_seconds += report.seconds;
}

/// Always a whole batch, even when the budget ends inside it: what is proposed must not depend on
/// the budget, or a later session with a larger one would part ways with an undisturbed run.
Batch Session::Propose(std::uint64_t first_trial) {
  Batch batch;
  batch.first_trial = first_trial;
  batch.proposals = searcher_->Propose(options_.batch_size);
  return batch;
}

/// Takes from the log what it holds of the batch.
Status Session::Recall(Batch& batch) {
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
Status Session::MeasureRest(Batch& batch) {
  const std::uint64_t end =
      std::min<std::uint64_t>(batch.proposals.size(), options_.trials - batch.first_trial);
  // Whatever is under way when the host goes down takes the blame. So where candidates can do that,
  // no more are announced at a time than run at a time.
  const std::size_t together =
      task_.CandidatesCanHarmHost() ? runner_->parallelism() : options_.batch_size;
  while (batch.measurements.size() < end && !ShouldStop()) {
    if (TookHostDown(batch.next_trial())) {
      FOOTHOLD_RETURN_IF_ERROR(GiveUp(batch));
      continue;
    }
    std::size_t count = 1;
    while (count < together && batch.measurements.size() + count < end &&
           !TookHostDown(batch.next_trial() + count)) {
      ++count;
    }
    FOOTHOLD_RETURN_IF_ERROR(MeasureTogether(batch, count));
  }
  return {};
}

/// Records the batch's next trial, which was running when an earlier session died, as failed.
Status Session::GiveUp(Batch& batch) {
  Measurement measurement;
  measurement.config = batch.proposals[batch.measurements.size()];
  measurement.outcome = Outcome::kRuntime;
  measurement.stage = "tuner";
  measurement.reason = "the tuner died while this config ran";
  measurement.autotvm_error = kRuntimeDevice;
  ++result_.skipped_unfinished;
  return Save(batch, {std::move(measurement)}, 1);
}

/// Announces the batch's next `count` trials and measures them.
Status Session::MeasureTogether(Batch& batch, std::size_t count) {
  const auto configs = std::span(batch.proposals).subspan(batch.measurements.size(), count);
  std::vector<StartedRecord> started;
  for (const Config& config : configs) {
    started.push_back({batch.next_trial() + started.size(), config});
  }
  FOOTHOLD_RETURN_IF_ERROR(log_->Started(started));

  // What is under way on a device is seen through, whatever the clock says. An interrupt may cut it
  // short (MakeInterruptibleEnv).
  const bool run_all = task_.CandidatesCanHarmHost();
  MeasuredBatch measured = runner_->Measure(configs, [&] { return !run_all && ShouldStop(); });
  const std::size_t count_measured = measured.measurements.size();
  FOOTHOLD_RETURN_IF_ERROR(Save(batch, std::move(measured.measurements), count));
  result_.progress.measured += count_measured;
  ReportProgress();
  return UnlessCancelled(measured.status);
}

/// Appends the measurements of the batch's next trials to the log, and only then counts on them. Of
/// the `announced` next trials, those without a measurement are withdrawn: they would look as if
/// they had taken the host down.
Status Session::Save(Batch& batch, std::vector<Measurement> measurements, std::size_t announced) {
  std::vector<TrialRecord> records;
  for (const Measurement& measurement : measurements) {
    records.push_back({batch.next_trial() + records.size(), measurement, env_.WallClockSeconds()});
  }
  std::vector<WithdrawnRecord> withdrawn;
  for (std::size_t i = measurements.size(); i < announced; ++i) {
    withdrawn.push_back({batch.next_trial() + i});
  }
  FOOTHOLD_RETURN_IF_ERROR(log_->Append(records, withdrawn));
  for (Measurement& measurement : measurements) {
    Count(batch.next_trial(), measurement);
    batch.measurements.push_back(std::move(measurement));
  }
  return {};
}

/// By a final, unless the log has it already or there is no need or time for one.
Status Session::TellLeadersApart() {
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
Result<std::optional<FinalRecord>> Session::HoldFinal(std::span<const std::size_t> leaders) {
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

void Session::Count(std::uint64_t trial, const Measurement& measurement) {
  TunerProgress& progress = result_.progress;
  ++progress.finished;
  ++progress.outcomes[measurement.outcome];
  result_.build_seconds += measurement.build_seconds;
  result_.run_seconds += measurement.run_seconds;
  if (measurement.outcome != Outcome::kCorrect) {
    CountReason(measurement);
    return;
  }
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

void Session::CountReason(const Measurement& measurement) {
  const std::string reason = measurement.stage + ": " + measurement.reason;
  std::vector<std::string>& reasons = result_.failure_reasons;
  const bool is_new = std::find(reasons.begin(), reasons.end(), reason) == reasons.end();
  if (is_new && reasons.size() < kMostReasons) reasons.push_back(reason);
}

void Session::ReportProgress() {
  result_.progress.elapsed_s = Elapsed();
  on_progress_(result_.progress);
}

StopReason Session::WhyCutShort() const {
  if (result_.progress.finished >= options_.trials) return StopReason::kTrials;
  return interrupt_ ? StopReason::kInterrupted : StopReason::kTime;
}

}  // namespace

std::string_view ToString(StopReason reason) {
  switch (reason) {
    case StopReason::kTrials:
      return "trials";
    case StopReason::kTime:
      return "time";
    case StopReason::kSpaceExhausted:
      return "space exhausted";
    case StopReason::kConcluded:
      return "concluded";
    case StopReason::kInterrupted:
      return "interrupted";
  }
  FOOTHOLD_CHECK(false, "unknown stop reason");
  return {};
}

Result<TuneResult> TuneWith(const TargetTask& task, const RunHeader& header,
                            std::unique_ptr<Searcher> searcher, std::unique_ptr<Runner> runner,
                            const TunerOptions& options, const std::string& log_path, Env& env,
                            const std::function<void(const TunerProgress&)>& on_progress,
                            const std::atomic<bool>& interrupt,
                            const std::function<void(const RunStart&)>& on_start) {
  Session session(task, std::move(searcher), std::move(runner), options, env, on_progress,
                  interrupt);
  FOOTHOLD_ASSIGN_OR_RETURN(const RunStart start, session.Open(header, log_path));
  on_start(start);
  FOOTHOLD_ASSIGN_OR_RETURN(TuneResult result, session.Run());
  result.changed_meanwhile = ChangedMeanwhile(task, header, options, env);
  return result;
}

Result<TuneResult> Tune(const TargetTask& task, const std::string& target_name,
                        std::string_view searcher, const TunerOptions& options,
                        const std::string& log_path, Env& env,
                        const std::function<void(const TunerProgress&)>& on_progress,
                        const std::atomic<bool>& interrupt,
                        const std::function<void(const RunStart&)>& on_start) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(options));
  FOOTHOLD_ASSIGN_OR_RETURN(SearchProblem problem,
                            MakeSearchProblem(task, options.seed, options.knowledge));
  problem.target = target_name;
  problem.earlier_runs = options.earlier_runs;
  FOOTHOLD_ASSIGN_OR_RETURN(auto proposer, MakeSearcher(searcher, problem));
  return Tune(task, target_name, NamedSearcher{std::string(searcher), std::move(proposer)}, options,
              log_path, env, on_progress, interrupt, on_start);
}

Result<TuneResult> Tune(const TargetTask& task, const std::string& target_name,
                        NamedSearcher searcher, const TunerOptions& options,
                        const std::string& log_path, Env& env,
                        const std::function<void(const TunerProgress&)>& on_progress,
                        const std::atomic<bool>& interrupt,
                        const std::function<void(const RunStart&)>& on_start) {
  FOOTHOLD_CHECK(searcher.searcher != nullptr, "there is no searcher");
  FOOTHOLD_RETURN_IF_ERROR(Validate(options));
  const RunOptions run{options.timeout_s, options.verify};
  auto runner = task.CandidatesCanHarmHost() ? MakeDeviceRunner(task, run, options.device,
                                                                options.repeats, options.jobs, env)
                                             : MakeInProcessRunner(task, run, options.jobs, env);
  FOOTHOLD_ASSIGN_OR_RETURN(RunHeader header,
                            DescribeRun(task, target_name, searcher.name, options, env));
  header.dependencies->merge(searcher.dependencies);
  return TuneWith(task, header, std::move(searcher.searcher), std::move(runner), options, log_path,
                  env, on_progress, interrupt, on_start);
}

}  // namespace foothold
