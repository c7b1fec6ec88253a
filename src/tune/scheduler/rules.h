#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "tune/loop_session.h"

// Who gets the next batch where several tasks share a budget.
namespace foothold::tune {

/// A task that shares a budget with others, as it stands.
struct TaskState {
  double weight = 1;                ///< how often the network runs it; > 0
  bool has_ended = false;           ///< it takes no more batches
  std::uint64_t trials = 0;         ///< finished
  std::vector<double> best_s;       ///< after each batch; infinity before the first correct trial
  double trial_s = 1;               ///< what a trial costs on average; > 0
  std::optional<double> gain = {};  ///< Searcher::ExpectedGain

  /// Infinity before the first correct trial.
  double best() const;
};

/// Notes what a session's last batch has changed; `ended`: it takes no more. Where times are exact
/// a trial costs 1, so that nothing depends on how busy the host is. REQUIRES: the next batch is
/// prepared unless `ended`.
void NoteBatch(LoopSession& session, bool ended, bool times_are_exact, TaskState& state);

/// The task that gets the next batch; nullopt when all have ended. A function of the states alone.
using Rule = std::function<std::optional<std::size_t>(std::span<const TaskState>)>;

/// Foothold's rule: the task with the highest expected gain for the network per second, which is
/// its weight times the seconds by which its best is expected to fall, over the cost of a trial.
/// The expectation is the searcher's; of a searcher that has none, what its last batches gained. A
/// task without a valid config comes first; after kPatience trials, while it has had fewer than all
/// those with one together.
std::optional<std::size_t> NextByGain(std::span<const TaskState> tasks);
inline constexpr std::uint64_t kPatience = 64;

}  // namespace foothold::tune
