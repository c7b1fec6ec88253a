#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "foothold/target.h"
#include "measure/accepted.h"
#include "measure/failure_streak.h"
#include "measure/run_time_limit.h"
#include "measure/runner.h"
#include "measure/steadiness.h"
#include "measure/task_over_task.h"

namespace foothold::measure {

/// A target's task on a real device, which can do one thing at a time, and whose failures are not
/// all the candidates': everything that this adds to a TargetTask is in DeviceOptions.
///
/// What a candidate's run said counts for others only once the candidate is accepted (Accept).
/// After a run that failed, timed out or was stopped as slow, the best accepted candidate is run
/// again. If it is still correct, the run is believed. If not, either the device was unwell, by
/// whose fault nobody knows, or that candidate is not what it seemed: another build of it and the
/// next best ones tell. Once one of them was correct, the candidate gets a second run, which is
/// believed. A device on which several that ran before run no more is a Status. One alone may have
/// stopped working by itself: it is tried again once another one was correct, and few failures
/// alike are a diagnosis until then. So no candidate can make a well device look unwell. What does
/// not run where another one does is demoted: no longer accepted, and reported by TakeDemotions.
///
/// The infrastructure may fail because of one candidate: if it does so again after the best one has
/// run, that is the candidate's failure.
///
/// Build may run on many threads at once; Run waits for its turn. `task` and `env` must outlive
/// this.
class DeviceTask final : public TaskOverTask {
 public:
  DeviceTask(const TargetTask& task, const DeviceOptions& rules, double timeout_s, Env& env);

  BuildResult Build(const Config& config) const override;
  RunResult Run(const Program& program, const RunOptions& options) const override;

  /// All runs of `program`, which this built, were correct. `run_seconds`: the time of each that
  /// counts; at least one, all > 0 and finite; `correct_runs`: how many there were.
  void Accept(const Program& program, std::span<const double> run_seconds,
              std::size_t correct_runs) const;
  /// Those of the best accepted candidate; empty while there is none.
  std::vector<double> BestRunSeconds() const;

  /// See Runner.
  std::vector<Demotion> TakeDemotions() const;
  /// Whether a Status was given that is about the device or the set-up as a whole: it is not well,
  /// or everything failed alike.
  bool HasDiagnosis() const;
  /// What the runs of the best candidates so far, one after the other, say about the device.
  std::optional<Steadiness> steadiness() const;

 private:
  class BuiltProgram;
  /// What is known of the device; behind `state_mutex_`.
  struct State {
    AcceptedCandidates accepted;
    std::vector<Accepted> suspects;  // stopped working on a device on which nothing else had run
    std::vector<Demotion> demotions;
    FailureStreak streak;
    SteadinessWatch watch;
    std::size_t runs_since_look = 0;  // of other candidates than the best
    bool has_diagnosis = false;
  };
  enum class Health {
    kWell,
    kRecovered,
    kUnwell,
    kUnknown,    // interrupted
    kNoWitness,  // nothing that is accepted runs, and it is only one, or never ran twice
  };

  /// `attempt()` until it is no failure of the infrastructure, or the attempts are used up. Seconds
  /// paused are added to `*paused_s`.
  template <typename Attempt>
  auto Retry(const Attempt& attempt, double* paused_s) const;

  RunResult RunOnce(const BuiltProgram& program, const RunOptions& options) const;
  RunResult RunBelievably(const BuiltProgram& program, const RunOptions& options) const;
  RunResult RunDespiteInfrastructure(const BuiltProgram& program, const RunOptions& options,
                                     RunResult first) const;
  BuildResult BuildDespiteInfrastructure(const Config& config, BuildResult first) const;

  Health Probe(const RunOptions& options, Failure* failure, double* paused_s) const;
  Health ProbeOthers(const RunOptions& options, Failure* failure) const;
  std::optional<bool> IsCorrect(const std::shared_ptr<const Program>& program,
                                const RunOptions& options, Failure* failure) const;
  std::optional<bool> BuildsAndRuns(Accepted& candidate, const RunOptions& options,
                                    Failure* failure) const;
  void Demote(std::span<const Accepted> candidates, std::vector<Demotion> demotions) const;
  void ReconsiderSuspects(const RunOptions& options, RunResult& result) const;
  void LookAtBest(const RunOptions& options, RunResult& result) const;
  std::optional<Accepted> Best() const;
  std::vector<Accepted> Fastest() const;
  Status Diagnose(const Failure& failure) const;
  Status Diagnosed(std::string diagnosis) const;

  const DeviceOptions rules_;
  const RunTimeLimit limit_;
  Env& env_;
  mutable std::mutex device_;       // held while something runs
  mutable std::mutex state_mutex_;  // guards state_; never held while something runs
  mutable State state_;
};

}  // namespace foothold::measure
