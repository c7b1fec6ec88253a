#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "tune/scheduler/rules.h"
#include "tune/tune_with.h"

namespace foothold::tune {

/// Where a network stands, for progress displays.
struct NetworkProgress {
  std::uint64_t finished = 0;  ///< trials of all tasks
  std::uint64_t measured = 0;  ///< of them, those of this session; the log had the others
  std::uint64_t planned = 0;
  double seconds = 0;     ///< of the network: each task's best times its weight
  std::size_t tuned = 0;  ///< tasks with a correct config, which `seconds` is of
  std::size_t ended = 0;  ///< tasks that take no more batches
  std::size_t tasks = 0;
  std::size_t current = 0;  ///< the task whose turn it is
  double elapsed_s = 0;     ///< of this session
  std::optional<double> max_seconds;
};

/// What to tune. What it refers to must outlive the call.
struct NetworkRequest {
  std::vector<double> weights = {};  ///< of each task: how often the network runs it
  /// The run of a task. Called for each in turn before anything is measured. Its request has the
  /// log of this one, and its budgets are replaced by the network's.
  std::function<Result<ReadyRun>(std::size_t task)> make_ready;
  std::string log;
  /// Budgets for all tasks together.
  std::uint64_t trials = 0;
  std::optional<double> max_seconds = {};
  Env& env = *Env::Default();
  Rule rule = NextByGain;
  /// After each batch, after each round of a final, and once at the end. May be empty.
  std::function<void(const NetworkProgress&)> on_progress = {};
  const std::atomic<bool>& interrupt = kNeverInterrupted;
};

struct NetworkResult {
  StopReason stop = StopReason::kTrials;  ///< kConcluded when each task has ended by itself
  std::vector<TuneResult> tasks;          ///< in the order of the tasks
  NetworkProgress progress;
};

/// Tunes the layers of a network with one budget, each by the tuner's loop (Tune), and one log that
/// holds the run of each. Before each batch the rule says whose turn it is. Repeats, resuming,
/// unfinished configs and determinism are as Tune's: with exact times the result is a function of
/// targets, workloads, searchers and options.
///
/// Errors: those of Tune. The log keeps what was measured.
Result<NetworkResult> TuneNetwork(const NetworkRequest& request);

}  // namespace foothold::tune
