#include "measure/fleet/fleet_runner.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "base/content_hash.h"
#include "measure/fleet/keys.h"
#include "measure/fleet/message_fields.h"

namespace foothold::measure {
namespace {

constexpr double kPollSeconds = 0.1;   // between two looks at the user's wish
constexpr double kCountSeconds = 0.5;  // between two counts of the workers
constexpr double kLostSeconds = 2;     // of silence after which jobs may be missing
constexpr double kFirstPauseSeconds = 0.1;
constexpr double kLongestPauseSeconds = 5;

Status CheckNames(const FleetOptions& options) {
  if (!IsName(options.class_name)) {
    return Status::InvalidArgument(fmt::format(
        "--class: {} is no name of a class: it must be 1 to 200 letters, digits and -._:/@+=,#",
        options.class_name.substr(0, kMostNameBytes)));
  }
  if (options.device.empty() || IsName(options.device)) return {};
  return Status::InvalidArgument("--on-device: it must be 1 to 200 letters, digits and -._:/@+=,#");
}

std::string QueueOf(const FleetOptions& options) {
  return options.device.empty() ? options.class_name : DeviceQueue(options.device);
}

/// Whether another device may do better.
bool IsWorthAnotherDevice(const JobResult& result) {
  return !result.is_diagnosis && (result.status.code() == StatusCode::kUnavailable ||
                                  result.status.code() == StatusCode::kIoError ||
                                  result.status.code() == StatusCode::kCancelled);
}

/// What a worker must have sent for a job of this kind.
Status CheckKind(const Job& job, JobResult& result) {
  const bool is_right = !result.status.ok() ||
                        (job.kind == JobKind::kMeasure && result.measurement && result.build) ||
                        (job.kind == JobKind::kBuild && result.build) ||
                        (job.kind == JobKind::kCompare && result.comparison &&
                         result.comparison->candidates.size() == job.configs.size());
  if (is_right) return {};
  return Status::InvalidArgument(fmt::format(
      "the fleet's worker {} answered another kind of job than {}", result.worker, job.job));
}

}  // namespace

Result<std::unique_ptr<FleetRunner>> FleetRunner::Connect(const FleetWork& work,
                                                          FleetOptions options) {
  FOOTHOLD_RETURN_IF_ERROR(CheckNames(options));
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<Broker> broker, ConnectToBroker(options.address));
  return std::unique_ptr<FleetRunner>(new FleetRunner(work, std::move(options), std::move(broker)));
}

FleetRunner::FleetRunner(const FleetWork& work, FleetOptions options,
                         std::unique_ptr<Broker> broker)
    : work_(work),
      options_(std::move(options)),
      broker_(std::move(broker)),
      queue_(*broker_, options_.address, QueueOf(options_)),
      space_(SpaceDigest(work.task.space().parameters())),
      begun_(Status::InvalidArgument("the fleet's run has not begun")) {}

/// Calls again what the server did not answer, as long as the user is patient.
template <typename Call>
Status FleetRunner::Patiently(const Call& call) {
  const double start = work_.env.MonotonicSeconds();
  double pause = kFirstPauseSeconds;
  while (true) {
    Status status = call();
    if (status.code() != StatusCode::kUnavailable) return status;
    if (work_.interrupt) return Status::Cancelled("interrupted");
    if (work_.env.MonotonicSeconds() - start + pause > options_.patience_s) return status;
    work_.env.Sleep(pause);
    pause = std::min(2 * pause, kLongestPauseSeconds);
  }
}

void FleetRunner::Begin(const std::string& log, bool is_new) {
  begun_ = Patiently([&] { return queue_.Begin(log, is_new); });
  if (!begun_.ok()) return;
  counted_at_s_ = -1e9;
  last_ready_s_ = work_.env.MonotonicSeconds();
  begun_ = LookForWorkers();  // as the loop asks for parallelism() before the first batch
}

std::size_t FleetRunner::parallelism() const {
  return kJobsPerWorker * std::max<std::size_t>(1, ready_.size());
}

std::optional<Failure> FleetRunner::BrokenConstraint(const Config& config) const {
  const Constraint* broken = work_.task.space().FirstBroken(config);
  if (broken == nullptr) return std::nullopt;
  return Failure{Outcome::kConstraints, "constraints", broken->description()};
}

Result<FleetRunner::Wanted> FleetRunner::WantedFor(JobKind kind, std::span<const Config> configs,
                                                   std::string id) const {
  Wanted wanted;
  wanted.job.run = queue_.run();
  wanted.job.job = std::move(id);
  wanted.job.kind = kind;
  wanted.job.setting = {work_.task.workload(), space_, work_.run, work_.device, work_.repeats};
  wanted.job.configs.assign(configs.begin(), configs.end());
  wanted.job.harmless = !work_.task.traits().candidates_can_harm_host;
  FOOTHOLD_ASSIGN_OR_RETURN(wanted.message, ToMessage(wanted.job));
  return wanted;
}

/// One job a config, but none for those that break a known constraint.
Result<std::vector<FleetRunner::Wanted>> FleetRunner::WantedForEach(
    JobKind kind, std::span<const Config> configs) const {
  const char letter = kind == JobKind::kBuild ? 'b' : 'm';
  std::vector<Wanted> all;
  for (const Config& config : configs) {
    FOOTHOLD_CHECK(work_.task.space().Contains(config),
                   "a searcher proposed a config outside its space");
    if (BrokenConstraint(config)) {
      all.emplace_back().is_done = true;
      continue;
    }
    const std::string id = fmt::format("{}{}", letter, work_.task.space().IndexOf(config));
    FOOTHOLD_ASSIGN_OR_RETURN(Wanted wanted, WantedFor(kind, std::span(&config, 1), id));
    all.push_back(std::move(wanted));
  }
  return all;
}

/// What the last batch gave is in the log by now.
Status FleetRunner::StartBatch() {
  FOOTHOLD_RETURN_IF_ERROR(begun_);
  has_diagnosis_ = false;
  std::vector<std::pair<std::string, std::string>> known;
  for (const std::string& job : handed_out_) {
    const auto found = arrived_.find(job);
    if (found != arrived_.end()) known.emplace_back(job, found->second.entry);
  }
  FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return queue_.Acknowledge(known); }));
  for (const std::string& job : handed_out_) arrived_.erase(job);
  handed_out_.clear();
  last_arrival_s_ = last_ready_s_ = work_.env.MonotonicSeconds();
  return {};
}

/// Until all are done, or it is told to stop: then those of a prefix, and others.
Status FleetRunner::Collect(std::vector<Wanted>& wanted, const ShouldStop& should_stop) {
  for (Wanted& one : wanted) one.is_done = one.is_done || arrived_.contains(one.job.job);
  const auto is_open = [](const Wanted& one) { return !one.is_done; };
  bool is_stopping = false;
  while (std::any_of(wanted.begin(), wanted.end(), is_open)) {
    if (work_.interrupt || (!is_stopping && should_stop())) {
      FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return WithdrawRest(wanted); }));
      if (work_.interrupt) return Status::Cancelled("interrupted");
      is_stopping = true;
      continue;
    }
    FOOTHOLD_RETURN_IF_ERROR(LookForWorkers());
    if (!is_stopping) FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return SubmitMore(wanted); }));
    FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return Receive(wanted); }));
    if (work_.env.MonotonicSeconds() - last_arrival_s_ > kLostSeconds) {
      FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return ReplaceMissing(wanted); }));
      last_arrival_s_ = work_.env.MonotonicSeconds();
    }
  }
  return {};
}

Status FleetRunner::SubmitMore(std::vector<Wanted>& wanted) {
  std::size_t in_flight = 0;
  for (const Wanted& one : wanted) in_flight += one.is_submitted && !one.is_done ? 1 : 0;
  for (Wanted& one : wanted) {
    if (in_flight >= parallelism()) break;
    if (one.is_submitted || one.is_done) continue;
    FOOTHOLD_RETURN_IF_ERROR(queue_.Submit(one.job.job, one.message));
    one.is_submitted = true;
    ++in_flight;
  }
  return {};
}

Status FleetRunner::Receive(std::vector<Wanted>& wanted) {
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<RunQueue::Arrived> arrived,
                            queue_.Receive(kPollSeconds));
  for (const RunQueue::Arrived& one : arrived) {
    Result<JobResult> result = ParseResult(one.message);
    if (!result.ok()) {  // its job is missing, and submitted again
      work_.env.Note("fleet.result", "a result of the fleet cannot be read and is ignored: " +
                                         result.status().message());
      continue;
    }
    FOOTHOLD_RETURN_IF_ERROR(TakeIn({one.entry, *std::move(result)}, wanted));
  }
  if (!arrived.empty()) last_arrival_s_ = last_ready_s_ = work_.env.MonotonicSeconds();
  return {};
}

/// Results of jobs that nobody waits for are kept: they were submitted before the run was resumed.
Status FleetRunner::TakeIn(Arrival arrival, std::vector<Wanted>& wanted) {
  const std::string job = arrival.result.job;
  bool is_first = true;
  for (Wanted& one : wanted) {
    if (one.job.job != job || one.is_done) continue;
    if (is_first && IsWorthAnotherDevice(arrival.result) && one.devices < kMostDevices &&
        HasOtherDevice(one, arrival.result.device)) {
      return TryElsewhere(arrival, one);
    }
    FOOTHOLD_RETURN_IF_ERROR(CheckKind(one.job, arrival.result));
    one.is_done = true;
    is_first = false;
  }
  for (Demotion& demotion : arrival.result.demotions) demotions_.push_back(std::move(demotion));
  if (arrival.result.steadiness) steadiness_ = arrival.result.steadiness;
  arrived_[job] = std::move(arrival);
  return {};
}

/// Whether one takes jobs on which the infrastructure has not failed for this one.
bool FleetRunner::HasOtherDevice(const Wanted& wanted, const std::string& device) const {
  const std::vector<std::string>& avoid = wanted.job.avoid;
  return std::any_of(ready_.begin(), ready_.end(), [&](const std::string& ready) {
    return ready != device && std::find(avoid.begin(), avoid.end(), ready) == avoid.end();
  });
}

Status FleetRunner::TryElsewhere(Arrival& arrival, Wanted& wanted) {
  const std::pair<std::string, std::string> known(arrival.result.job, arrival.entry);
  FOOTHOLD_RETURN_IF_ERROR(queue_.Acknowledge(std::span(&known, 1)));
  wanted.job.avoid.push_back(arrival.result.device);
  FOOTHOLD_ASSIGN_OR_RETURN(wanted.message, ToMessage(wanted.job));
  ++wanted.devices;
  return queue_.Submit(wanted.job.job, wanted.message);
}

/// What no worker has is not waited for any more.
Status FleetRunner::WithdrawRest(std::vector<Wanted>& wanted) {
  std::vector<std::string> open;
  for (const Wanted& one : wanted) {
    if (one.is_submitted && !one.is_done) open.push_back(one.job.job);
  }
  if (!open.empty()) {
    FOOTHOLD_RETURN_IF_ERROR(queue_.Withdraw(open));
    FOOTHOLD_RETURN_IF_ERROR(Receive(wanted));
    FOOTHOLD_ASSIGN_OR_RETURN(open, queue_.Missing(open));
  }
  for (Wanted& one : wanted) {
    const bool is_gone = std::find(open.begin(), open.end(), one.job.job) != open.end();
    if (!one.is_submitted || is_gone) one.is_done = true;
  }
  return {};
}

/// The server's disk was lost, or its clock went back: what it does not know is submitted again.
Status FleetRunner::ReplaceMissing(std::vector<Wanted>& wanted) {
  std::vector<std::string> open;
  for (const Wanted& one : wanted) {
    if (one.is_submitted && !one.is_done) open.push_back(one.job.job);
  }
  if (open.empty()) return {};
  FOOTHOLD_ASSIGN_OR_RETURN(const std::vector<std::string> missing, queue_.Missing(open));
  FOOTHOLD_RETURN_IF_ERROR(Receive(wanted));
  for (const Wanted& one : wanted) {
    const bool is_missing = std::find(missing.begin(), missing.end(), one.job.job) != missing.end();
    if (is_missing && !one.is_done) {
      FOOTHOLD_RETURN_IF_ERROR(queue_.SubmitAgain(one.job.job, one.message));
    }
  }
  return {};
}

Status FleetRunner::LookForWorkers() {
  const double now = work_.env.MonotonicSeconds();
  if (now - counted_at_s_ < kCountSeconds) return {};
  counted_at_s_ = now;
  FOOTHOLD_RETURN_IF_ERROR(Patiently([&]() -> Status {
    FOOTHOLD_ASSIGN_OR_RETURN(ready_, queue_.ReadyDevices());
    return {};
  }));
  if (!ready_.empty()) last_ready_s_ = now;
  if (now - last_ready_s_ <= options_.patience_s) return {};
  return Status::Unavailable(fmt::format(
      "no worker of the {} takes jobs at {}: start one there with foothold worker {} --device "
      "TARGET, or see foothold fleet status {}",
      options_.device.empty() ? "class " + options_.class_name : "device " + options_.device,
      options_.address.ToString(), options_.address.ToString(), options_.address.ToString()));
}

/// Takes the result out of what is known, as no log has it.
Status FleetRunner::Forget(const std::string& job) {
  const auto found = arrived_.find(job);
  if (found == arrived_.end()) return {};
  const std::pair<std::string, std::string> known(job, found->second.entry);
  FOOTHOLD_RETURN_IF_ERROR(Patiently([&] { return queue_.Acknowledge(std::span(&known, 1)); }));
  arrived_.erase(found);
  return {};
}

MeasuredBatch FleetRunner::Measure(std::span<const Config> configs, const ShouldStop& should_stop) {
  MeasuredBatch batch;
  batch.status = StartBatch();
  if (!batch.status.ok()) return batch;
  Result<std::vector<Wanted>> wanted = WantedForEach(JobKind::kMeasure, configs);
  if (!wanted.ok()) return {{}, {}, wanted.status()};
  batch.status = Collect(*wanted, should_stop);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    Measurement measurement;
    BuildReport build;
    if (auto broken = BrokenConstraint(configs[i])) {
      measurement.failure = build.failure = std::move(broken);
    } else {
      const std::string& job = (*wanted)[i].job.job;
      const auto found = arrived_.find(job);
      if (found == arrived_.end()) break;
      const JobResult& result = found->second.result;
      if (!result.status.ok()) {
        has_diagnosis_ = result.is_diagnosis;
        batch.status = result.status;
        if (Status forgotten = Forget(job); !forgotten.ok()) batch.status = forgotten;
        break;
      }
      measurement = *result.measurement;
      build = *result.build;
      handed_out_.push_back(job);
    }
    measurement.config = build.config = configs[i];
    batch.measurements.push_back(std::move(measurement));
    batch.builds.push_back(std::move(build));
  }
  return batch;
}

BuiltBatch FleetRunner::Build(std::span<const Config> configs, const ShouldStop& should_stop) {
  BuiltBatch batch;
  batch.status = StartBatch();
  if (!batch.status.ok()) return batch;
  Result<std::vector<Wanted>> wanted = WantedForEach(JobKind::kBuild, configs);
  if (!wanted.ok()) return {{}, wanted.status()};
  batch.status = Collect(*wanted, should_stop);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    BuildReport report;
    if (auto broken = BrokenConstraint(configs[i])) {
      report.failure = std::move(broken);
    } else {
      const std::string& job = (*wanted)[i].job.job;
      const auto found = arrived_.find(job);
      if (found == arrived_.end()) break;
      if (!found->second.result.status.ok()) {
        batch.status = found->second.result.status;
        if (Status forgotten = Forget(job); !forgotten.ok()) batch.status = forgotten;
        break;
      }
      report = *found->second.result.build;
      handed_out_.push_back(job);
    }
    report.config = configs[i];
    batch.reports.push_back(std::move(report));
  }
  return batch;
}

Result<Comparison> FleetRunner::Compare(std::span<const Config> configs, const RepeatOptions& rules,
                                        double seconds, std::uint64_t seed,
                                        const ShouldStop& should_stop, const OnRound& on_round) {
  FOOTHOLD_RETURN_IF_ERROR(StartBatch());
  std::string name;
  for (const Config& config : configs) {
    name += fmt::format("{} ", work_.task.space().IndexOf(config));
  }
  const std::string digest = base::ContentHash(fmt::format("{}{} {}", name, seconds, seed));
  FOOTHOLD_ASSIGN_OR_RETURN(
      Wanted one, WantedFor(JobKind::kCompare, configs, "c" + digest.substr(digest.size() - 16)));
  one.job.setting.repeats = rules;
  one.job.seconds = seconds;
  one.job.seed = seed;
  FOOTHOLD_ASSIGN_OR_RETURN(one.message, ToMessage(one.job));
  std::vector<Wanted> wanted;
  wanted.push_back(std::move(one));
  FOOTHOLD_RETURN_IF_ERROR(Collect(wanted, should_stop));
  const std::string& job = wanted.front().job.job;
  const auto found = arrived_.find(job);
  if (found == arrived_.end()) return Status::Cancelled("interrupted");
  const JobResult result = found->second.result;
  if (!result.status.ok()) {
    FOOTHOLD_RETURN_IF_ERROR(Forget(job));
    return result.status;
  }
  handed_out_.push_back(job);
  on_round(*result.comparison);
  return *result.comparison;
}

}  // namespace foothold::measure
