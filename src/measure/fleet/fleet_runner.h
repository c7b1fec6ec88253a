#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "foothold/target.h"
#include "measure/fleet/address.h"
#include "measure/fleet/broker.h"
#include "measure/fleet/messages.h"
#include "measure/fleet/run_queue.h"
#include "measure/runner.h"

namespace foothold::measure {

/// Which workers measure, and how long to wait for them.
struct FleetOptions {
  FleetAddress address;
  std::string class_name;  ///< of the workers
  std::string device;      ///< one of them alone; empty: all of the class
  /// Seconds without any worker, or without an answer of the server, after which a batch ends with
  /// Unavailable; > 0.
  double patience_s = 60;
};

/// What a FleetRunner measures.
struct FleetWork {
  const TargetTask& task;  ///< must outlive the runner, as the other references
  RunOptions run;
  DeviceOptions device;
  RepeatOptions repeats;
  Env& env;
  const std::atomic<bool>& interrupt;
};

/// Measures on the workers of a fleet, each of which has the runner of its own target. At most
/// kJobsPerWorker jobs a worker are given out at a time. A job for which one device's
/// infrastructure failed is tried on others, kMostDevices in all, before the batch ends with a
/// Status. When interrupted, it takes back what no worker has yet; what runs goes on, and is found
/// when the run is resumed.
class FleetRunner final : public Runner {
 public:
  static constexpr std::size_t kJobsPerWorker = 2;
  static constexpr std::size_t kMostDevices = 3;

  /// Errors are those of ConnectToBroker; InvalidArgument for a class or device that is no name.
  static Result<std::unique_ptr<FleetRunner>> Connect(const FleetWork& work, FleetOptions options);

  /// Which run this is: to be called before the first batch. `log` names the log's run wherever
  /// it is resumed from; what is left of another run of that name is of no use if `is_new`. An
  /// error is the next batch's.
  void Begin(const std::string& log, bool is_new);

  std::size_t parallelism() const override;
  MeasuredBatch Measure(std::span<const Config> configs, const ShouldStop& should_stop) override;
  BuiltBatch Build(std::span<const Config> configs, const ShouldStop& should_stop) override;
  Result<Comparison> Compare(std::span<const Config> configs, const RepeatOptions& rules,
                             double seconds, std::uint64_t seed, const ShouldStop& should_stop,
                             const OnRound& on_round) override;
  std::vector<Demotion> TakeDemotions() override { return std::exchange(demotions_, {}); }
  bool HasDiagnosis() const override { return has_diagnosis_; }
  std::optional<Steadiness> steadiness() const override { return steadiness_; }

 private:
  struct Arrival {
    std::string entry;
    JobResult result;
  };
  /// A job that a batch waits for.
  struct Wanted {
    Job job;
    std::string message;
    bool is_submitted = false;
    bool is_done = false;  ///< its result is in arrived_, or was not needed
    std::size_t devices = 1;
  };

  FleetRunner(const FleetWork& work, FleetOptions options, std::unique_ptr<Broker> broker);

  Result<Wanted> WantedFor(JobKind kind, std::span<const Config> configs, std::string id) const;
  Result<std::vector<Wanted>> WantedForEach(JobKind kind, std::span<const Config> configs) const;
  std::optional<Failure> BrokenConstraint(const Config& config) const;

  Status Collect(std::vector<Wanted>& wanted, const ShouldStop& should_stop);
  Status SubmitMore(std::vector<Wanted>& wanted);
  Status Receive(std::vector<Wanted>& wanted);
  Status TakeIn(Arrival arrival, std::vector<Wanted>& wanted);
  bool HasOtherDevice(const Wanted& wanted, const std::string& device) const;
  Status TryElsewhere(Arrival& arrival, Wanted& wanted);
  Status WithdrawRest(std::vector<Wanted>& wanted);
  Status ReplaceMissing(std::vector<Wanted>& wanted);
  Status LookForWorkers();
  Status StartBatch();
  Status Forget(const std::string& job);
  template <typename Call>
  Status Patiently(const Call& call);

  const FleetWork work_;
  const FleetOptions options_;
  const std::unique_ptr<Broker> broker_;
  RunQueue queue_;
  const std::string space_;
  Status begun_;
  std::vector<std::string> ready_;          // devices that take jobs, when they were counted last
  double counted_at_s_ = -1e9;              // when that was
  double last_ready_s_ = 0;                 // when there was a worker, or a result
  double last_arrival_s_ = 0;               // when a result came, or was waited for from
  std::map<std::string, Arrival> arrived_;  // by job; those of the last batch are in the log
  std::vector<std::string> handed_out_;     // of them, those that the last batch gave
  std::vector<Demotion> demotions_;
  bool has_diagnosis_ = false;
  std::optional<Steadiness> steadiness_;
};

}  // namespace foothold::measure
