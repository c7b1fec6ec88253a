#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "targets/vta/simulator/units.h"

namespace foothold::vta {

/// Finds out when a machine does again what it has done before.
///
/// The machine is looked at whenever fetch begins a batch. A rough state (a hash) that occurs a
/// second time suggests a period: so many instructions between the two. Now and then the whole
/// state is written down. If a period leads back to such a place, and the state is the same now,
/// and the program goes on to repeat itself, then all that follows repeats as long as the program
/// does.
class Repetition {
 public:
  /// What grows by the same amount in each period.
  struct Counters {
    std::int64_t now = 0;
    std::int64_t fetch_busy = 0;
    std::int64_t fetch_port_delay = 0;
    std::int64_t fetch_wait_queue = 0;
    std::int64_t lost_tokens = 0;
    std::array<std::int64_t, kExecutingUnits> wait_push{};
    /// When each unit was done last: not a counter, but moves along where the unit runs at all.
    std::array<std::int64_t, kUnits> free{};
  };
  /// One that has been seen to repeat.
  struct Period {
    std::size_t instructions = 0;
    std::int64_t times = 0;  ///< that the program repeats it from here on
    Counters before;
    Counters after;
    std::int64_t cycles() const { return after.now - before.now; }
  };

  /// Programs shorter than this are not worth the look.
  static constexpr std::size_t kLeastInstructions = 1024;

  /// A new program: what each of its instructions is, as far as time goes, in the order they run.
  /// `kinds` must outlive the search.
  void Begin(std::span<const std::uint32_t> kinds);

  /// Fetch is at `position` in a state that hashes to `rough`: whether to call Compare.
  bool WantsState(std::size_t position, std::uint64_t rough);
  /// The vector that Compare will look at, empty, to be filled.
  std::vector<std::int64_t>* scratch() {
    state_.clear();
    return &state_;
  }
  /// True when scratch() is the state of a period ago: then `*period` is that period.
  bool Compare(std::size_t position, const Counters& counters, Period* period);
  /// The machine has moved on by itself: what was seen is forgotten.
  void Forget();

 private:
  struct Snapshot {
    std::size_t position = 0;
    Counters counters;
    std::vector<std::int64_t> state;
  };
  static constexpr std::size_t kLooksPerSnapshot = 8;
  static constexpr std::size_t kSnapshots = 64;

  /// The first place from `position` on where the program differs from itself `period` before.
  std::size_t RepeatsUntil(std::size_t position, std::size_t period);

  std::span<const std::uint32_t> kinds_;
  std::size_t looks_ = 0;
  std::array<Snapshot, kSnapshots> snapshots_;    // in a ring
  std::array<std::uint64_t, kSnapshots> roughs_;  // of each
  std::size_t taken_ = 0;
  std::uint64_t rough_ = 0;            // of the state at hand
  const Snapshot* partner_ = nullptr;  // what it may be equal to
  /// Answers of RepeatsUntil, by period.
  struct Answer {
    std::size_t period = 0;
    std::size_t until = 0;
  };
  std::array<Answer, 64> answers_{};
  std::vector<std::int64_t> state_;
};

}  // namespace foothold::vta
