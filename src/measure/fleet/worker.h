#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "measure/fleet/address.h"

namespace foothold::measure {

/// How a worker joins a fleet.
struct WorkerOptions {
  FleetAddress address;
  std::string device;      ///< its name; the same when the worker is started again
  std::string class_name;  ///< of devices like it
  std::vector<std::string> tags;
  /// Seconds without a word after which another worker takes its job over; > 0. The same for all of
  /// a class.
  double lease_s = 15;
  int jobs = 0;             ///< threads of targets that need no device; 0: one per core
  std::string power_cycle;  ///< a command for /bin/sh that switches the device off and on, or empty
  double probe_pause_s = 10;      ///< in quarantine, before the first probe; doubles; > 0
  double probe_tolerance = 0.05;  ///< by how much of its time a probe may differ; > 0
};

/// What a worker works with. All of it must outlive RunWorker.
struct WorkerParts {
  const Target& target;  ///< made with `job_env`
  Env& env;
  /// MakeInterruptibleEnv(env, abort_job): what runs in it ends once `abort_job` is true.
  Env& job_env;
  std::atomic<bool>& abort_job;
  const std::atomic<bool>& interrupt;                ///< ends the worker
  std::function<void(const std::string& line)> say;  ///< from any thread, one at a time
};

struct WorkerSummary {
  std::uint64_t done = 0;    ///< jobs whose result the fleet took
  std::uint64_t failed = 0;  ///< jobs for which the infrastructure failed
  std::uint64_t stale = 0;   ///< results that came too late
};

/// Serves the fleet, one job at a time, until `interrupt` turns true; then gives back what it has.
/// A server that does not answer is waited for, once the worker has joined. After
/// kFailuresToQuarantine failures of the infrastructure in a row it takes no jobs, until a config
/// that was correct before is so again and takes as long as it did. Errors: those of
/// ConnectToBroker and Seat::Join.
Result<WorkerSummary> RunWorker(const WorkerParts& parts, const WorkerOptions& options);

inline constexpr int kFailuresToQuarantine = 3;
inline constexpr double kShortestLeaseSeconds = 0.3;

}  // namespace foothold::measure
