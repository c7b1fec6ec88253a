#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foothold/status.h"
#include "measure/fleet/broker.h"

namespace foothold::measure {

/// Who a worker is.
struct WorkerIdentity {
  std::string device;      ///< a name that stays the device's when its worker is started again
  std::string worker;      ///< MakeWorkerName: another one for each start
  std::string class_name;  ///< of devices on which the same job takes the same time
};
/// "DEVICE/xxxxxxxx" with digits that differ from start to start.
std::string MakeWorkerName(const std::string& device, std::string_view salt);
/// The devices of the workers that a reply names.
std::vector<std::string> DevicesOf(const Reply& workers);

/// A job that a worker has.
struct HeldJob {
  std::string queue;
  std::string entry;          ///< its id in the queue's stream
  std::uint64_t attempt = 1;  ///< how often it was given out
  std::string message;
  std::vector<std::string> lost_devices = {};  ///< that went silent with it, in order
};

/// What a worker says of itself, as a list of names and values.
using WorkerReport = std::vector<std::pair<std::string, std::string>>;

/// A worker's place in the fleet. A worker is there as long as its lease lasts, which each Beat
/// renews; a job is its own until the lease has ended *and* another worker has taken the job over.
/// From then on the server refuses what it says of the job: the fence is entry, worker and attempt.
///
/// The clock is the server's alone. In the first `lease_s` after the server's start no job is taken
/// over, as no worker could renew its lease while it was down.
///
/// All calls are one or two round trips and may be repeated after an error (those of Broker). Not
/// thread-safe: a thread that beats has a seat, and a broker, of its own.
class Seat {
 public:
  /// `broker` must outlive it. `lease_s` > 0: the same for all of a class.
  Seat(Broker& broker, FleetAddress address, WorkerIdentity identity, double lease_s);

  /// The places of the lease: Unavailable while another worker of the same device is there.
  Status Join();
  /// Renews the lease. `is_ready`: whether it takes jobs. Returns false when `held`, which may be
  /// null, is no longer this worker's.
  Result<bool> Beat(const WorkerReport& report, bool is_ready, const HeldJob* held);
  /// Gives up the lease. REQUIRES: it holds no job.
  Status Leave();

  /// The next job: of the device's own queue, else one whose worker went silent, else one of the
  /// class; nullopt when there is none within `wait_s`.
  Result<std::optional<HeldJob>> Take(double wait_s);
  /// Hands in the result, as `message`, for the tuner of `run`. False: the job was no longer this
  /// worker's, and the message was put aside.
  Result<bool> Finish(const HeldJob& held, const std::string& run, const std::string& message);
  /// Puts the job back to the end of its queue, as if it had never been given out. False as above.
  Result<bool> GiveBack(const HeldJob& held, const std::string& run, const std::string& job);
  /// Takes a job that cannot be read out of its queue.
  Status Drop(const HeldJob& held);
  /// The devices of the class that take jobs, this one among them if it does.
  Result<std::vector<std::string>> ReadyDevices();

 private:
  Result<std::optional<HeldJob>> Recover();
  Result<std::optional<HeldJob>> Read(const std::vector<std::string>& queues,
                                      const std::string& after, double wait_s);
  Result<std::optional<HeldJob>> TakeOver(const std::string& queue);
  Result<Reply> Run(const Script& script, const Broker::Words& keys,
                    const Broker::Words& arguments);
  Status CreateGroups();
  std::string LeaseMs() const;

  Broker& broker_;
  const FleetAddress address_;
  const WorkerIdentity identity_;
  const double lease_s_;
  const std::vector<std::string> queues_;  // the device's own first
  std::deque<HeldJob> next_;               // were given out together with another one
  bool may_hold_unknown_ = true;           // a job may have been given out that never arrived here
};

}  // namespace foothold::measure
