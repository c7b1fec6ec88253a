#include "foothold/study.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "foothold/searchers.h"
#include "foothold/version.h"
#include "tune/machine.h"
#include "tune/objective_scale.h"
#include "tune/run_dependencies.h"
#include "tune/study_log.h"

namespace foothold {
namespace {

constexpr const char* kTarget = "study";

SearchProblem ProblemOf(const Space& space, const RunHeader& header, std::uint64_t seed) {
  SearchProblem problem{space, seed, Knowledge::kBlind};
  problem.workload = header.workload;
  problem.target = header.target;
  return problem;
}

Status Validate(const StudyOptions& options) {
  if (options.name.empty() || options.name.size() > 200 ||
      options.name.find('\n') != std::string::npos) {
    return Status::InvalidArgument("study: the name must be one line of 1 to 200 bytes");
  }
  if (options.objective && options.objective->name.empty()) {
    return Status::InvalidArgument("study: the objective needs a name, such as accuracy");
  }
  return {};
}

RunHeader DescribeStudy(const Space& space, const StudyOptions& options) {
  RunHeader header;
  header.foothold_version = FOOTHOLD_VERSION;
  header.target = kTarget;
  header.workload.name = options.name;
  header.workload.op = Kernel{options.name};
  header.searcher = options.searcher;
  header.seed = options.seed;
  header.objective = options.objective;
  header.parameters = space.parameters();
  header.dependencies = options.dependencies;
  tune::AddConstraints(space, *header.dependencies);
  return header;
}

}  // namespace

class Study::Impl {
 public:
  Impl(Space space, const StudyOptions& options, Env& env)
      : space_(std::move(space)), options_(options), env_(env), scale_(options.objective) {}

  Status Open(const std::string& log_path);
  void Close();

  Result<std::optional<StudyTrial>> Ask();
  Result<StudyTrial> Begin(const Config& config);
  Status Tell(std::uint64_t number, double value, const Metrics& metrics);
  Status TellFailed(std::uint64_t number, const Failure& failure);
  Status Withdraw(std::uint64_t number);
  double ValueOf(const Measurement& measurement) const;
  std::optional<Measurement> Best() const;

  const Space space_;
  const StudyOptions options_;
  mutable std::mutex mutex_;
  tune::StudyLog log_;
  std::vector<Measurement> told_;
  struct Pending {
    Config config;
    double began_s = 0;
  };
  std::map<std::uint64_t, Pending> pending_;

 private:
  Status LearnFromLog();
  Result<std::map<std::uint64_t, Pending>::iterator> Find(std::uint64_t number);
  Status Check(double value, const Metrics& metrics) const;
  Status End(std::map<std::uint64_t, Pending>::iterator trial, Measurement measurement);
  void Count(Measurement measurement);
  std::optional<Config> Propose();

  Env& env_;
  tune::ObjectiveScale scale_;
  std::unique_ptr<Searcher> searcher_;
  std::deque<Config> proposed_;              ///< and not given out yet
  std::deque<Config> withdrawn_;             ///< and not given out again
  std::unordered_set<std::uint64_t> taken_;  ///< given out or told, by Space::IndexOf
  std::uint64_t next_number_ = 0;
  std::optional<std::size_t> best_;  ///< in told_
};

Status Study::Impl::Open(const std::string& log_path) {
  FOOTHOLD_RETURN_IF_ERROR(Validate(options_));
  RunHeader header = DescribeStudy(space_, options_);
  if (!log_path.empty()) {
    header.machine = tune::DescribeMachine(env_);
    header.wall_clock = env_.WallClockSeconds();
    FOOTHOLD_ASSIGN_OR_RETURN(log_, tune::StudyLog::Open(header, options_, log_path, env_));
  }
  // Another seed for each session, so that a resumed one does not draw what was drawn before.
  const std::uint64_t seed = options_.seed + log_.start().trials;
  FOOTHOLD_ASSIGN_OR_RETURN(searcher_,
                            MakeSearcher(options_.searcher, ProblemOf(space_, header, seed)));
  return LearnFromLog();
}

Status Study::Impl::LearnFromLog() {
  for (Measurement& measurement : log_.TakeTrials()) {
    if (measurement.outcome() == Outcome::kCorrect && options_.objective) {
      if (!measurement.metrics.contains(options_.objective->name)) {
        return Status::DataLoss(fmt::format("{}: a trial of run {} has no {}", log_.start().log,
                                            log_.start().run, options_.objective->name));
      }
      (void)scale_.Seconds(ValueOf(measurement));  // the scale is that of the first
    }
    Count(std::move(measurement));
  }
  for (Config& config : log_.TakeUnfinished()) {
    if (options_.retry_unfinished) {
      taken_.insert(space_.IndexOf(config));
      withdrawn_.push_back(std::move(config));
      continue;
    }
    FOOTHOLD_ASSIGN_OR_RETURN(const StudyTrial trial, Begin(config));
    FOOTHOLD_RETURN_IF_ERROR(TellFailed(
        trial.number,
        {Outcome::kRuntime, "study", "the process of the study died while this config ran"}));
  }
  next_number_ = 0;
  return {};
}

/// A study that was destroyed in order leaves nothing that looks as if it had taken it down.
void Study::Impl::Close() {
  for (const auto& [number, trial] : pending_) {
    if (!log_.Withdraw(trial.config).ok()) return;  // the log's own trouble, which no one can hear
  }
}

/// Proposals that nobody has made yet. With trials under way there are likely to be as many
/// evaluators, and proposals that are made together differ most.
std::optional<Config> Study::Impl::Propose() {
  while (true) {
    if (proposed_.empty()) {
      const std::vector<Config> batch = searcher_->Propose(pending_.size() + 1);
      if (batch.empty()) return std::nullopt;
      proposed_.assign(batch.begin(), batch.end());
    }
    Config config = std::move(proposed_.front());
    proposed_.pop_front();
    if (!taken_.contains(space_.IndexOf(config))) return config;
  }
}

Result<std::optional<StudyTrial>> Study::Impl::Ask() {
  if (!withdrawn_.empty()) {
    FOOTHOLD_ASSIGN_OR_RETURN(StudyTrial trial, Begin(withdrawn_.front()));
    withdrawn_.pop_front();
    return std::optional(std::move(trial));
  }
  const std::optional<Config> config = Propose();
  if (!config) return std::optional<StudyTrial>();
  Result<StudyTrial> trial = Begin(*config);
  if (!trial.ok()) {
    proposed_.push_front(*config);
    return trial.status();
  }
  return std::optional(*std::move(trial));
}

Result<StudyTrial> Study::Impl::Begin(const Config& config) {
  FOOTHOLD_RETURN_IF_ERROR(log_.Begin(config));
  taken_.insert(space_.IndexOf(config));
  const StudyTrial trial{next_number_++, config};
  pending_[trial.number] = {config, env_.MonotonicSeconds()};
  return trial;
}

Result<std::map<std::uint64_t, Study::Impl::Pending>::iterator> Study::Impl::Find(
    std::uint64_t number) {
  const auto found = pending_.find(number);
  if (found != pending_.end()) return found;
  return Status::InvalidArgument(
      fmt::format("study: trial {} {}", number,
                  number < next_number_ ? "is not under way any more: it was told or withdrawn"
                                        : "was never asked for"));
}

Status Study::Impl::Check(double value, const Metrics& metrics) const {
  const std::string name = options_.objective ? options_.objective->name : "the time";
  if (!std::isfinite(value) || (!options_.objective && value <= 0)) {
    return Status::InvalidArgument(
        fmt::format("study: {} is {}, must be finite{}; a trial that failed is told as failed",
                    name, value, options_.objective ? "" : " and above 0 (seconds)"));
  }
  for (const auto& [metric, number] : metrics) {
    if (!std::isfinite(number)) {
      return Status::InvalidArgument(
          fmt::format("study: the metric {} is {}, must be finite", metric, number));
    }
    if (options_.objective && metric == options_.objective->name) {
      return Status::InvalidArgument(
          fmt::format("study: the metric {} has the name of the objective", metric));
    }
  }
  return {};
}

Status Study::Impl::Tell(std::uint64_t number, double value, const Metrics& metrics) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trial, Find(number));
  FOOTHOLD_RETURN_IF_ERROR(Check(value, metrics));
  Measurement measurement;
  measurement.seconds = {scale_.Seconds(value)};
  measurement.metrics = metrics;
  if (options_.objective) measurement.metrics[options_.objective->name] = value;
  return End(trial, std::move(measurement));
}

Status Study::Impl::TellFailed(std::uint64_t number, const Failure& failure) {
  FOOTHOLD_CHECK(IsFailure(failure.outcome), "a failed trial has a failure");
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trial, Find(number));
  Measurement measurement;
  measurement.failure = failure;
  return End(trial, std::move(measurement));
}

Status Study::Impl::End(std::map<std::uint64_t, Pending>::iterator trial, Measurement measurement) {
  measurement.config = trial->second.config;
  measurement.run_seconds = std::max(0.0, env_.MonotonicSeconds() - trial->second.began_s);
  FOOTHOLD_RETURN_IF_ERROR(log_.End(measurement));
  pending_.erase(trial);
  Count(std::move(measurement));
  return {};
}

void Study::Impl::Count(Measurement measurement) {
  taken_.insert(space_.IndexOf(measurement.config));
  searcher_->Observe(std::span(&measurement, 1));
  told_.push_back(std::move(measurement));
  const Measurement& last = told_.back();
  if (last.outcome() != Outcome::kCorrect) return;
  if (!best_ || scale_.IsBetter(ValueOf(last), ValueOf(told_[*best_]))) best_ = told_.size() - 1;
}

Status Study::Impl::Withdraw(std::uint64_t number) {
  FOOTHOLD_ASSIGN_OR_RETURN(const auto trial, Find(number));
  FOOTHOLD_RETURN_IF_ERROR(log_.Withdraw(trial->second.config));
  withdrawn_.push_back(std::move(trial->second.config));
  pending_.erase(trial);
  return {};
}

double Study::Impl::ValueOf(const Measurement& measurement) const {
  if (!options_.objective) return measurement.MedianSeconds();
  return measurement.metrics.at(options_.objective->name);
}

std::optional<Measurement> Study::Impl::Best() const {
  return best_ ? std::optional(told_[*best_]) : std::nullopt;
}

Study::Study(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Study::~Study() { impl_->Close(); }

Result<std::unique_ptr<Study>> Study::Open(Space space, const StudyOptions& options,
                                           const std::string& log_path, Env& env) {
  auto impl = std::make_unique<Impl>(std::move(space), options, env);
  FOOTHOLD_RETURN_IF_ERROR(impl->Open(log_path));
  return std::unique_ptr<Study>(new Study(std::move(impl)));
}

Result<std::optional<StudyTrial>> Study::Ask() {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->Ask();
}

Result<StudyTrial> Study::AskFor(const Config& config) {
  FOOTHOLD_CHECK(impl_->space_.Contains(config), "the config is of another space");
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->Begin(config);
}

Status Study::Tell(std::uint64_t number, double value, const Metrics& metrics) {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->Tell(number, value, metrics);
}

Status Study::TellFailed(std::uint64_t number, const Failure& failure) {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->TellFailed(number, failure);
}

Status Study::Withdraw(std::uint64_t number) {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->Withdraw(number);
}

const Space& Study::space() const { return impl_->space_; }
const StudyOptions& Study::options() const { return impl_->options_; }
const RunStart& Study::start() const { return impl_->log_.start(); }

std::vector<Measurement> Study::trials() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->told_;
}

std::uint64_t Study::trial_count() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->told_.size();
}

std::vector<StudyTrial> Study::pending() const {
  const std::scoped_lock lock(impl_->mutex_);
  std::vector<StudyTrial> trials;
  for (const auto& [number, trial] : impl_->pending_) trials.push_back({number, trial.config});
  return trials;
}

std::optional<Measurement> Study::best() const {
  const std::scoped_lock lock(impl_->mutex_);
  return impl_->Best();
}

double Study::ValueOf(const Measurement& measurement) const { return impl_->ValueOf(measurement); }

}  // namespace foothold
