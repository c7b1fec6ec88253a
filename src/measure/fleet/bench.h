#pragma once

#include <list>
#include <memory>
#include <string>

#include "foothold/env.h"
#include "foothold/target.h"
#include "measure/fleet/messages.h"
#include "measure/runner.h"

namespace foothold::measure {

/// Does jobs on this machine, by the runner that a tuner here would have for the target. Keeps the
/// runners of the last few runs, as these remember which configs were good. Not thread-safe.
class Bench {
 public:
  /// `target` and `env` must outlive it. `jobs`: threads of a runner whose target needs no device.
  Bench(const Target& target, int jobs, Env& env) : target_(target), jobs_(jobs), env_(env) {}

  /// What became of the job; its fields `attempt`, `device` and `worker` are left to the caller.
  /// Its status is InvalidArgument when this target cannot do it: another space, another version.
  JobResult Do(const Job& job);

 private:
  struct Place {
    std::string run;
    JobSetting setting;
    std::unique_ptr<TargetTask> task;
    std::unique_ptr<Runner> runner;
  };
  static constexpr std::size_t kMostPlaces = 4;

  Result<Place*> PlaceFor(const Job& job);
  Result<Place> Prepare(const Job& job) const;
  Status Measure(const Job& job, Place& place, JobResult& result) const;
  Status Build(const Job& job, Place& place, JobResult& result) const;
  Status Compare(const Job& job, Place& place, JobResult& result) const;

  const Target& target_;
  const int jobs_;
  Env& env_;
  std::list<Place> places_;  // the one used last first
};

}  // namespace foothold::measure
