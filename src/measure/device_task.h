#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "foothold/target.h"
#include "measure/failure_streak.h"
#include "measure/run_time_limit.h"
#include "measure/steadiness.h"
#include "measure/task_over_task.h"

namespace foothold {

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
class DeviceTask final : public TaskOverTask {
 public:
  DeviceTask(const TargetTask& task, const DeviceRules& rules, double timeout_s, Env& env);

  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;

  /// What the runs of the best candidates so far, one after the other, say about the device.
  std::optional<Steadiness> steadiness() const;

 private:
  class BuiltProgram;
  /// What is known of the device; behind `device_`.
  struct State {
    RunTimeLimit limit;
    FailureStreak streak;
    std::shared_ptr<const Program> best;  // the target's own program
    double best_seconds = 0;
    SteadinessWatch watch;
    std::size_t runs_since_look = 0;  // of other candidates than the best
  };
  enum class Health { kWell, kRecovered, kUnwell, kUnknown };

  /// `attempt()` until it is no failure of the infrastructure, or the attempts are used up. Seconds
  /// paused are added to `*paused_s`.
  template <typename Attempt>
  auto Retry(const Attempt& attempt, double* paused_s) const;

  RunResult RunOnce(const BuiltProgram& program, const RunOptions& options) const;
  RunResult RunBelievably(const BuiltProgram& program, const RunOptions& options) const;
  Health Probe(const RunOptions& options, std::string* reason, double* paused_s) const;
  void LookAtBest(const RunOptions& options, RunResult& result) const;
  void Learn(const BuiltProgram& program, const RunResult& result, double wall_seconds) const;
  Status Diagnose(const Failure& failure) const;

  const DeviceRules rules_;
  Env& env_;
  mutable std::mutex device_;       // held while something runs
  mutable std::mutex state_mutex_;  // guards state_.streak; the rest is behind device_
  mutable State state_;
};

}  // namespace foothold
