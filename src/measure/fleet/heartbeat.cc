#include "measure/fleet/heartbeat.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace foothold::measure {
namespace {

/// Jobs of a millisecond are not worth two beats each.
constexpr double kShortestPauseSeconds = 0.05;

}  // namespace

Heartbeat::Heartbeat(std::unique_ptr<Broker> broker, const FleetAddress& address,
                     const WorkerIdentity& identity, double lease_s, State state,
                     std::function<void()> on_lost)
    : broker_(std::move(broker)),
      seat_(*broker_, address, identity, lease_s),
      lease_s_(lease_s),
      on_lost_(std::move(on_lost)),
      state_(std::move(state)),
      thread_([this] { Loop(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Heartbeat::Tell(State state) {
  {
    const std::scoped_lock lock(mutex_);
    state_ = std::move(state);
    ++told_;
  }
  changed_.notify_all();
}

void Heartbeat::WaitUntilSaid() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&, own = told_] { return said_ >= own; });
}

void Heartbeat::Loop() {
  const double longest_pause = std::min(5.0, lease_s_ / 3);
  double retry = 0.1;
  std::unique_lock lock(mutex_);
  while (!ends_) {
    const State state = state_;
    const std::uint64_t told = told_;
    lock.unlock();
    const Result<bool> is_mine =
        seat_.Beat(state.report, state.is_ready, state.held ? &*state.held : nullptr);
    lock.lock();
    said_ = std::max(said_, told);
    changed_.notify_all();
    // The job may have been handed in meanwhile.
    const bool is_current = state.held && state_.held && state_.held->entry == state.held->entry;
    if (is_mine.ok() && !*is_mine && is_current) on_lost_();
    retry = is_mine.ok() ? 0.1 : std::min(2 * retry, longest_pause);
    const double pause = is_mine.ok() ? lease_s_ / 3 : retry;
    const double first_pause = std::min(pause, kShortestPauseSeconds);
    const auto wait = [&](double seconds, const auto& until) {
      return changed_.wait_for(lock, std::chrono::duration<double>(seconds), until);
    };
    if (wait(first_pause, [&] { return ends_; })) break;
    wait(pause - first_pause, [&] { return ends_ || told_ != told; });
  }
}

}  // namespace foothold::measure
