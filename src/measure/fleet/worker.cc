#include "measure/fleet/worker.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "foothold/version.h"
#include "measure/fleet/bench.h"
#include "measure/fleet/heartbeat.h"
#include "measure/fleet/keys.h"
#include "measure/fleet/message_fields.h"
#include "measure/fleet/messages.h"
#include "measure/fleet/seat.h"

namespace foothold::measure {
namespace {

constexpr double kTakeSeconds = 0.5;  // between two looks for jobs of workers that went silent
constexpr double kBounceSeconds = 0.2;
constexpr double kLongestReconnectPauseSeconds = 5;
constexpr double kLongestProbePauseSeconds = 600;
constexpr double kFarewellSeconds = 5;  // for the server, once the user wants to end
constexpr double kPowerCycleSeconds = 300;

bool IsInfrastructure(const Status& status) {
  return status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kIoError;
}

/// Whether the job is what kills devices: two different ones went silent with it, or one thrice.
bool IsPoison(const Job& job, const HeldJob& held) {
  if (job.harmless) return false;
  const std::set<std::string> devices(held.lost_devices.begin(), held.lost_devices.end());
  return devices.size() >= 2 || held.lost_devices.size() >= 3;
}

/// What is said of a job that is not tried again.
JobResult PoisonResult(const Job& job, const HeldJob& held) {
  JobResult result;
  result.run = job.run;
  result.job = job.job;
  const Failure failure{Outcome::kRuntime, "fleet.lost",
                        fmt::format("kills the board: it went silent with this config on {}",
                                    base::Joined(held.lost_devices, ", "))};
  if (job.kind == JobKind::kCompare) {
    result.status = Status::Unavailable("the final: " + failure.reason);
    return result;
  }
  result.build.emplace();
  if (job.kind == JobKind::kBuild) {
    result.build->failure = failure;
  } else {
    result.measurement.emplace();
    result.measurement->failure = failure;
  }
  return result;
}

Status Check(const WorkerOptions& options) {
  const auto name = [](const char* flag, const std::string& value) -> Status {
    if (IsName(value)) return {};
    return Status::InvalidArgument(
        fmt::format("{}: must be 1 to {} letters, digits and -._:/@+=,#", flag, kMostNameBytes));
  };
  FOOTHOLD_RETURN_IF_ERROR(name("--name", options.device));
  if (options.device.find('/') != std::string::npos) {
    return Status::InvalidArgument("--name: must not have a /");
  }
  FOOTHOLD_RETURN_IF_ERROR(name("--class", options.class_name));
  for (const std::string& tag : options.tags) FOOTHOLD_RETURN_IF_ERROR(name("--tag", tag));
  if (options.lease_s >= kShortestLeaseSeconds && options.lease_s <= 86400) return {};
  return Status::InvalidArgument(fmt::format("--lease-s: is {}, must be a number from {} to 86400",
                                             options.lease_s, kShortestLeaseSeconds));
}

class Worker {
 public:
  Worker(const WorkerParts& parts, const WorkerOptions& options)
      : parts_(parts),
        options_(options),
        identity_{options.device,
                  MakeWorkerName(options.device, fmt::format("{} {} {} {}", Host(), getpid(),
                                                             parts.env.WallClockSeconds(),
                                                             parts.env.MonotonicSeconds())),
                  options.class_name},
        bench_(parts.target, options.jobs, parts.job_env),
        start_s_(parts.env.MonotonicSeconds()) {}

  Result<WorkerSummary> Run();

 private:
  static std::string Host() {
    char name[256] = {};
    return gethostname(name, sizeof(name) - 1) == 0 ? name : "";
  }

  Status Join();
  Heartbeat::State State(const std::string& state, const std::optional<HeldJob>& held) const;
  void Tell(const std::string& state, const std::optional<HeldJob>& held);
  Status Serve();
  void Process(const HeldJob& held);
  bool MustBounce(const Job& job);
  void Bounce(const HeldJob& held, const Job& job);
  JobResult Do(const HeldJob& held, const Job& job);
  void HandIn(const HeldJob& held, JobResult result);
  void Judge(const Job& job, const JobResult& result);
  void Quarantine(const std::string& reason);
  bool ProbeSucceeds(std::string& reason);
  void PowerCycle();
  void Leave();
  template <typename Call>
  auto Persistently(const Call& call) -> decltype(call());
  void Say(const std::string& line) const {
    const std::scoped_lock lock(say_mutex_);
    parts_.say(line);
  }

  /// A job whose config was correct here, and how long it took.
  struct KnownGood {
    Job job;
    double seconds = 0;
  };

  const WorkerParts& parts_;
  const WorkerOptions& options_;
  const WorkerIdentity identity_;
  Bench bench_;
  const double start_s_;
  std::unique_ptr<Broker> broker_;
  std::optional<Seat> seat_;
  std::unique_ptr<Heartbeat> heartbeat_;
  std::atomic<bool> is_lost_ = false;  // the job that it does is another worker's now
  WorkerSummary summary_;
  double busy_s_ = 0;
  int failures_ = 0;  // of the infrastructure, in a row
  std::string reason_;
  std::optional<KnownGood> known_good_;
  mutable std::mutex say_mutex_;
};

/// Until the server answers, or the user has waited long enough.
template <typename Call>
auto Worker::Persistently(const Call& call) -> decltype(call()) {
  double pause = 0.1;
  double ends_at_s = 0;
  bool is_said = false;
  while (true) {
    auto result = call();
    if (result.ok()) {
      if (is_said) Say("the server answers again");
      return result;
    }
    if (result.status().code() != StatusCode::kUnavailable) return result;
    if (!is_said) Say(result.status().message() + "; trying again");
    is_said = true;
    if (parts_.interrupt) {
      const double now = parts_.env.MonotonicSeconds();
      if (ends_at_s == 0) ends_at_s = now + kFarewellSeconds;
      if (now >= ends_at_s) return result;
    }
    parts_.env.Sleep(pause);
    pause = std::min(2 * pause, kLongestReconnectPauseSeconds);
  }
}

Heartbeat::State Worker::State(const std::string& state, const std::optional<HeldJob>& held) const {
  Heartbeat::State told;
  told.is_ready = state == "idle" || state == "busy";
  told.held = held;
  told.report = {{"device", options_.device},
                 {"class", options_.class_name},
                 {"target", parts_.target.name()},
                 {"tags", base::Joined(options_.tags, " ")},
                 {"foothold", FOOTHOLD_VERSION},
                 {"host", Host()},
                 {"pid", std::to_string(getpid())},
                 {"lease_s", fmt::format("{}", options_.lease_s)},
                 {"state", state},
                 {"reason", state == "quarantine" ? reason_ : ""},
                 {"queue", held ? held->queue : ""},
                 {"entry", held ? held->entry : ""},
                 {"attempt", held ? std::to_string(held->attempt) : ""},
                 {"done", std::to_string(summary_.done)},
                 {"failed", std::to_string(summary_.failed)},
                 {"stale", std::to_string(summary_.stale)},
                 {"busy_s", fmt::format("{:.3f}", busy_s_)},
                 {"up_s", fmt::format("{:.3f}", parts_.env.MonotonicSeconds() - start_s_)}};
  return told;
}

void Worker::Tell(const std::string& state, const std::optional<HeldJob>& held) {
  heartbeat_->Tell(State(state, held));
}

Status Worker::Join() {
  FOOTHOLD_ASSIGN_OR_RETURN(broker_, ConnectToBroker(options_.address));
  seat_.emplace(*broker_, options_.address, identity_, options_.lease_s);
  const double patience_s = options_.lease_s + 1;
  const double start = parts_.env.MonotonicSeconds();
  Status joined = seat_->Join();
  while (joined.code() == StatusCode::kUnavailable && !parts_.interrupt &&
         parts_.env.MonotonicSeconds() - start < patience_s) {
    parts_.env.Sleep(kBounceSeconds);  // a worker that was killed has a lease for a while
    joined = seat_->Join();
  }
  FOOTHOLD_RETURN_IF_ERROR(joined);
  FOOTHOLD_RETURN_IF_ERROR(seat_->Beat(State("idle", std::nullopt).report, true, nullptr).status());
  FOOTHOLD_ASSIGN_OR_RETURN(std::unique_ptr<Broker> own, ConnectToBroker(options_.address));
  heartbeat_ = std::make_unique<Heartbeat>(std::move(own), options_.address, identity_,
                                           options_.lease_s, State("idle", std::nullopt), [this] {
                                             is_lost_ = true;
                                             parts_.abort_job = true;
                                           });
  return {};
}

Result<WorkerSummary> Worker::Run() {
  FOOTHOLD_RETURN_IF_ERROR(Check(options_));
  FOOTHOLD_RETURN_IF_ERROR(Join());
  Say(fmt::format("worker {} of class {} serves {} with {}", options_.device, options_.class_name,
                  options_.address.ToString(), parts_.target.name()));
  const Status served = Serve();
  Leave();
  FOOTHOLD_RETURN_IF_ERROR(served);
  return summary_;
}

Status Worker::Serve() {
  while (!parts_.interrupt) {
    const auto held = Persistently([&] { return seat_->Take(kTakeSeconds); });
    if (!held.ok()) return parts_.interrupt ? Status() : held.status();
    if (*held) Process(**held);
  }
  return {};
}

void Worker::Process(const HeldJob& held) {
  const Result<Job> job = ParseJob(held.message);
  if (!job.ok()) {
    Say("a job that cannot be read is dropped: " + job.status().message());
    (void)Persistently([&]() -> Result<bool> {
      FOOTHOLD_RETURN_IF_ERROR(seat_->Drop(held));
      return true;
    });
    return;
  }
  if (parts_.interrupt || MustBounce(*job)) return Bounce(held, *job);
  if (IsPoison(*job, held)) return HandIn(held, PoisonResult(*job, held));

  JobResult result = Do(held, *job);
  const bool is_cancelled = result.status.code() == StatusCode::kCancelled;
  if (is_cancelled && is_lost_) {
    ++summary_.stale;
    Say(fmt::format("job {} of run {} is another worker's by now", job->job, job->run));
  } else if (is_cancelled && parts_.interrupt) {
    Bounce(held, *job);
  } else {
    const JobResult judged = result;
    HandIn(held, std::move(result));
    Judge(*job, judged);
  }
  if (failures_ < kFailuresToQuarantine) Tell("idle", std::nullopt);
}

/// Whether another device is to do it: the infrastructure of this one failed for it.
bool Worker::MustBounce(const Job& job) {
  const auto& avoid = job.avoid;
  if (std::find(avoid.begin(), avoid.end(), options_.device) == avoid.end()) return false;
  const Result<std::vector<std::string>> ready = seat_->ReadyDevices();
  return ready.ok() && std::any_of(ready->begin(), ready->end(), [&](const std::string& device) {
           return std::find(avoid.begin(), avoid.end(), device) == avoid.end();
         });
}

void Worker::Bounce(const HeldJob& held, const Job& job) {
  const auto back = Persistently([&] { return seat_->GiveBack(held, job.run, job.job); });
  if (parts_.interrupt) {
    if (back.ok() && *back) Say(fmt::format("gave back job {} of run {}", job.job, job.run));
    return;
  }
  parts_.env.Sleep(kBounceSeconds);
}

JobResult Worker::Do(const HeldJob& held, const Job& job) {
  Tell("busy", held);
  is_lost_ = false;  // what was said of the job before has no effect any more
  parts_.abort_job = false;
  const double start = parts_.env.MonotonicSeconds();
  JobResult result = bench_.Do(job);
  busy_s_ += parts_.env.MonotonicSeconds() - start;
  parts_.abort_job = false;
  return result;
}

void Worker::HandIn(const HeldJob& held, JobResult result) {
  result.attempt = held.attempt;
  result.device = options_.device;
  result.worker = identity_.worker;
  Result<std::string> message = ToMessage(result);
  if (!message.ok()) {  // the numbers of this config are more than a message takes
    result.status = message.status();
    result.measurement.reset();
    result.build.reset();
    result.comparison.reset();
    message = ToMessage(result);
  }
  const auto is_taken = Persistently([&] { return seat_->Finish(held, result.run, *message); });
  if (!is_taken.ok()) return;
  if (*is_taken) {
    ++(result.status.ok() ? summary_.done : summary_.failed);
    return;
  }
  ++summary_.stale;
  Say(fmt::format("the result of job {} of run {} came too late: another worker has the job",
                  result.job, result.run));
}

/// Counts the failures of the infrastructure.
void Worker::Judge(const Job& job, const JobResult& result) {
  if (!IsInfrastructure(result.status)) {
    failures_ = 0;
    const bool is_correct =
        result.measurement && result.measurement->outcome() == Outcome::kCorrect;
    if (is_correct) known_good_ = {job, result.measurement->MedianSeconds()};
    return;
  }
  failures_ = result.is_diagnosis ? kFailuresToQuarantine : failures_ + 1;
  Say(fmt::format("job {} of run {}: {}", job.job, job.run, result.status.message()));
  if (failures_ >= kFailuresToQuarantine) Quarantine(result.status.message());
}

void Worker::Quarantine(const std::string& reason) {
  reason_ = base::OneLine(reason);
  Say("in quarantine, and takes no jobs: " + reason_);
  double pause = options_.probe_pause_s;
  while (!parts_.interrupt) {
    Tell("quarantine", std::nullopt);
    heartbeat_->WaitUntilSaid();
    PowerCycle();
    parts_.env.Sleep(pause);
    if (parts_.interrupt || ProbeSucceeds(reason_)) break;
    Say("still in quarantine: " + reason_);
    pause = std::min(2 * pause, kLongestProbePauseSeconds);
  }
  if (parts_.interrupt) return;
  // Nothing is known to be good yet: the next failure will do.
  failures_ = known_good_ ? 0 : kFailuresToQuarantine - 1;
  Say("out of quarantine");
}

bool Worker::ProbeSucceeds(std::string& reason) {
  if (!known_good_) return true;
  const JobResult result = bench_.Do(known_good_->job);
  if (!result.status.ok()) {
    reason = base::OneLine(result.status.message());
    return false;
  }
  if (!result.measurement || result.measurement->outcome() != Outcome::kCorrect) {
    reason = "the probe is not correct any more";
    return false;
  }
  const double ratio = result.measurement->MedianSeconds() / known_good_->seconds;
  if (std::abs(ratio - 1) <= options_.probe_tolerance) return true;
  reason = fmt::format("the probe took {:.3f} times as long as it did", ratio);
  return false;
}

void Worker::PowerCycle() {
  if (options_.power_cycle.empty()) return;
  ProcessCommand command;
  command.argv = {"/bin/sh", "-c", options_.power_cycle};
  command.limits.wall_s = kPowerCycleSeconds;
  const Result<ProcessResult> result =
      parts_.env.RunProcess(command, [&] { return parts_.interrupt.load(); });
  if (!result.ok()) return Say("--power-cycle: " + result.status().message());
  if (!result->succeeded()) Say("--power-cycle: it " + Describe(*result, command.limits));
}

void Worker::Leave() {
  heartbeat_.reset();
  const Result<bool> left = Persistently([&]() -> Result<bool> {
    FOOTHOLD_RETURN_IF_ERROR(seat_->Leave());
    return true;
  });
  if (left.ok()) Say("left the fleet");
}

}  // namespace

Result<WorkerSummary> RunWorker(const WorkerParts& parts, const WorkerOptions& options) {
  return Worker(parts, options).Run();
}

}  // namespace foothold::measure
