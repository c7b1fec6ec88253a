#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "foothold/env.h"
#include "foothold/tuner.h"
#include "foothold/workload.h"

namespace foothold::cli {

/// One line of progress: name, trials of planned, best so far, counts by outcome, time taken and
/// left. `left_s` is unknown until something was measured.
std::string ProgressLine(const Workload& workload, const TunerProgress& progress,
                         std::optional<double> left_s);

/// Seconds until the first budget is spent, at this session's pace; nullopt before it measured
/// anything.
std::optional<double> SecondsLeft(const TunerProgress& progress);

/// "0.4 s", "41 s", "3 min 05 s", "2 h 10 min".
std::string Duration(double seconds);

/// "11 correct, 83 compile, 2 runtime": the outcomes that occurred, the best first.
std::string OutcomeCounts(const std::map<Outcome, std::uint64_t>& outcomes);

/// Shows one workload's progress after another: a line that rewrites itself on a terminal, a plain
/// line every few seconds anywhere else. Not thread-safe.
class ProgressDisplay {
 public:
  enum class Mode { kSilent, kPlainLines, kTerminal };
  /// Terminal or plain lines, as `stream` is.
  static Mode ModeFor(std::FILE* stream);

  ProgressDisplay(Mode mode, std::FILE* stream, Env& env)
      : mode_(mode), stream_(stream), env_(env) {}

  void Begin(const Workload& workload);
  void Update(const TunerProgress& progress);
  /// Replaces the line with its last state, which stays.
  void End(const TunerProgress& progress, const std::string& remark);

 private:
  void Rewrite(const std::string& line);

  Mode mode_;
  std::FILE* stream_;
  Env& env_;
  const Workload* workload_ = nullptr;
  double shown_at_s_ = 0;
};

}  // namespace foothold::cli
