#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "foothold/status.h"
#include "measure/fleet/broker.h"

namespace foothold::measure {

/// A tuner's side of a fleet: the jobs of one run in one queue, and their results. A job's id makes
/// it one job, however often it is submitted, until its result was acknowledged. So a tuner that
/// was killed submits again what it does not know, and nothing runs twice. Errors are those of
/// Broker. Not thread-safe.
class RunQueue {
 public:
  /// `broker` must outlive it. `queue`: a class, or DeviceQueue of a device.
  RunQueue(Broker& broker, FleetAddress address, std::string queue);

  /// Says which run this is: that of the log's run that is called `log`, or a new one if `is_new`.
  Status Begin(const std::string& log, bool is_new);
  const std::string& run() const { return run_; }

  /// Puts the job into the queue, unless it was submitted before.
  Status Submit(const std::string& job, const std::string& message);
  /// The same in the place of one of the same id, whose result, if there is one, was acknowledged.
  Status SubmitAgain(const std::string& job, const std::string& message);
  /// Takes back those of the jobs that no worker has yet.
  Status Withdraw(std::span<const std::string> jobs);
  /// Those of the jobs of which the server knows nothing: its disk was lost.
  Result<std::vector<std::string>> Missing(std::span<const std::string> jobs);

  struct Arrived {
    std::string entry;
    std::string message;
  };
  /// The results since the last call, at most 100, in the order in which they came; none when there
  /// are none within `wait_s`.
  Result<std::vector<Arrived>> Receive(double wait_s);
  /// The results are in the log: the server may forget them, and their jobs. Pairs of job and
  /// entry.
  Status Acknowledge(std::span<const std::pair<std::string, std::string>> results);

  /// The devices that take jobs of the queue.
  Result<std::vector<std::string>> ReadyDevices();

 private:
  Result<Reply> Run(const Script& script, const Broker::Words& keys,
                    const Broker::Words& arguments);

  Broker& broker_;
  const FleetAddress address_;
  const std::string queue_;
  std::string run_;
  std::string last_ = "0";  // the last result that was received
};

}  // namespace foothold::measure
