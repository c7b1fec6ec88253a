#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "cli/common/live_line.h"
#include "foothold/env.h"
#include "foothold/explore.h"
#include "foothold/tuner.h"
#include "foothold/workload.h"

namespace foothold::cli {

/// One line of progress: name, trials of planned, best so far, how far the final is while there is
/// one, counts by outcome, time taken and left. `left_s` is unknown until something was measured.
std::string ProgressLine(const Workload& workload, const TunerProgress& progress,
                         std::optional<double> left_s);

/// The same of an exploration: configs of all.
std::string ProgressLine(const Workload& workload, const ExploreProgress& progress);

/// Seconds until the first budget is spent, at this session's pace; nullopt before it measured
/// anything, and in the final, which ends when the leaders are told apart.
std::optional<double> SecondsLeft(const TunerProgress& progress);

/// "0.4 s", "41 s", "3 min 05 s", "2 h 10 min".
std::string Duration(double seconds);
/// "120/2600 runs, 40 s, 13 min 57 s left": how far an experiment has come in `elapsed_s`.
std::string RunsDone(std::uint64_t done, std::uint64_t total, double elapsed_s);

/// "11 correct, 83 compile, 2 runtime": the outcomes that occurred, the best first.
std::string OutcomeCounts(const std::map<Outcome, std::uint64_t>& outcomes);

/// Shows one workload's progress after another. Not thread-safe.
class ProgressDisplay {
 public:
  using Mode = LiveLine::Mode;
  static Mode ModeFor(std::FILE* stream) { return LiveLine::ModeFor(stream); }

  ProgressDisplay(Mode mode, std::FILE* stream, Env& env) : line_(mode, stream, env) {}

  void Begin(const Workload& workload);
  void Update(const TunerProgress& progress);
  /// Replaces the line with its last state, which stays.
  void End(const TunerProgress& progress, const std::string& remark);

 private:
  LiveLine line_;
  const Workload* workload_ = nullptr;
};

}  // namespace foothold::cli
