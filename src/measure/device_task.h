#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/target.h"
#include "measure/failure_streak.h"
#include "measure/run_time_limit.h"

namespace foothold {

/// How to deal with a device that is slow, moody or gone. The defaults suit a local device.
struct DeviceRules {
  /// Build and Run are tried so often before a failure of the infrastructure ends the batch; > 0.
  int attempts = 3;
  double first_pause_s = 1;  ///< between two attempts; doubles each time
  /// A run is killed when it takes so many times what the run of the best candidate took; > 1.
  double times_best = 10;
  /// So many failures alike from the beginning end the run with a diagnosis; > 0.
  std::size_t failures_alike = 100;
  /// Run the best candidate again after a failed run, to know whether the device is still well.
  bool probe = true;
};

/// A target's task on a real device, which can do one thing at a time, and whose failures are not
/// all the candidates': everything that this adds to a TargetTask is in DeviceRules.
///
/// After a run that failed or timed out, the best candidate so far is run again. If it is still
/// correct, the failure is believed. If not, the device was unwell, by whose fault nobody knows:
/// once it has recovered, the candidate gets a second run, which is believed. A device that does
/// not recover is a Status. So no outcome comes from a device that was not well.
///
/// Build may run on many threads at once; Run waits for its turn. `task` and `env` must outlive
/// this.
class DeviceTask final : public TargetTask {
 public:
  DeviceTask(const TargetTask& task, const DeviceRules& rules, double timeout_s, Env& env);

  const Workload& workload() const override { return task_.workload(); }
  const Space& space() const override { return task_.space(); }
  std::vector<Constraint> KnownConstraints() const override { return task_.KnownConstraints(); }
  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;
  bool CandidatesCanHarmHost() const override { return task_.CandidatesCanHarmHost(); }
  std::map<std::string, std::string> Context() const override { return task_.Context(); }
  double PeakOperationsPerSecond() const override { return task_.PeakOperationsPerSecond(); }
  double RooflineSeconds() const override { return task_.RooflineSeconds(); }
  std::string Explain(const Config& config) const override { return task_.Explain(config); }
  std::string ExplainJson(const Config& config) const override { return task_.ExplainJson(config); }

 private:
  class BuiltProgram;
  /// What is known of the device; behind `device_`.
  struct State {
    RunTimeLimit limit;
    FailureStreak streak;
    std::shared_ptr<const Program> best;  // the target's own program
    double best_seconds = 0;
  };
  enum class Health { kWell, kRecovered, kUnwell };

  /// `attempt()` until it is no failure of the infrastructure, or the attempts are used up. Seconds
  /// paused are added to `*paused_s`.
  template <typename Attempt>
  auto Retry(const Attempt& attempt, double* paused_s) const;

  RunResult RunOnce(const BuiltProgram& program, const RunOptions& options) const;
  RunResult RunBelievably(const BuiltProgram& program, const RunOptions& options) const;
  Health Probe(const RunOptions& options, std::string* reason, double* paused_s) const;
  void Learn(const BuiltProgram& program, const RunResult& result, double wall_seconds) const;
  Status Diagnose(const Failure& failure) const;

  const TargetTask& task_;
  const DeviceRules rules_;
  Env& env_;
  mutable std::mutex device_;       // held while something runs
  mutable std::mutex state_mutex_;  // guards state_.streak; the rest is behind device_
  mutable State state_;
};

}  // namespace foothold
