#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "measure/fleet/seat.h"

namespace foothold::measure {

/// Renews a worker's lease from a thread of its own, thrice as often as needed, and soon after
/// something changed. A server that does not answer is asked again: a heartbeat that fails is no
/// lost lease. Thread-safe.
class Heartbeat {
 public:
  struct State {
    WorkerReport report;
    bool is_ready = true;
    std::optional<HeldJob> held = {};
  };

  /// `broker` is its own. `on_lost` is called from its thread when the held job is another worker's
  /// now.
  Heartbeat(std::unique_ptr<Broker> broker, const FleetAddress& address,
            const WorkerIdentity& identity, double lease_s, State state,
            std::function<void()> on_lost);
  ~Heartbeat();

  /// What to say from now on.
  void Tell(State state);
  /// Returns when what it was told last was said, or could not be.
  void WaitUntilSaid();

 private:
  void Loop();

  const std::unique_ptr<Broker> broker_;
  Seat seat_;
  const double lease_s_;
  const std::function<void()> on_lost_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_;
  std::uint64_t told_ = 1;  // how often the state changed
  std::uint64_t said_ = 0;  // as of the last beat, or attempt at one
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace foothold::measure
