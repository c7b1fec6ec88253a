#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "studies/faults/fault_kinds.h"
#include "studies/page/page.h"

namespace foothold::studies {

/// docs/results/protocol.md#faults: what tuning runs make of candidates that misbehave, and what
/// they cost them.

/// A command target of candidates that misbehave.
struct FaultTarget {
  std::string program;             ///< the path of misbehave
  std::string sign;                ///< the file that what candidates leave behind signs
  std::vector<std::string> kinds;  ///< misbehave's names; the first one is to be "behave"
  std::string seconds;             ///< values of the parameter of that name: "12, 10"
  double wall_s = 0;
  bool in_build = false;     ///< they misbehave when they are built, and behave when they are run
  bool is_repeated = false;  ///< their times are not exact
};
/// Its file, of two parameters: `kind`, an index in `kinds`, and `seconds`, of which a candidate
/// prints the decimal digits with those of its kind behind them. So the kind 0 with the least
/// `seconds` is the fastest.
std::string ToJson(const FaultTarget& target);

struct FaultsBenchmarkOptions {
  std::string program;             ///< the path of misbehave
  int runs = 1;                    ///< of each kind; > 0
  std::uint64_t seed = 1;          ///< of the first run; the next ones count up
  std::vector<std::string> kinds;  ///< names of those to run; empty: all
};

struct FaultsBenchmarkRow {
  std::string kind;
  int runs = 0;
  // Of the runs, those ...
  int ended = 0;     ///< that ended by themselves and well; resumed ones only if they had to be
  int best = 0;      ///< with the right best
  int complete = 0;  ///< with every trial in the log, those of good candidates correct, and each
                     ///< faulty one what it must become
  int clean = 0;     ///< that left no process, folder or cgroup behind
  int faults = 0;    ///< faulty candidates in all runs
  double seconds_lost_per_fault = 0;   ///< wall seconds beyond what the other candidates take
  std::map<std::string, int> becomes;  ///< how often a faulty candidate became what
  std::string error;                   ///< what was wrong with the first run that was; empty: none

  bool all_right() const {
    return ended == runs && best == runs && complete == runs && clean == runs;
  }
};

/// For each kind of fault, tunes a space in which every second candidate is of that kind, one at a
/// time, in a process and a temporary folder of its own. The wall seconds of a good candidate come
/// from runs without faults on the same machine. Errors are those of the files; a run that fails is
/// a row that is not right.
///
/// What the runs leave behind becomes this process's (a "subreaper"), for good. REQUIRES: it has
/// one thread, and starts no other processes meanwhile.
Result<std::vector<FaultsBenchmarkRow>> RunFaultsBenchmark(Env& env,
                                                           const FaultsBenchmarkOptions& options);

/// A table, and a line about all of them.
Page ToPage(const std::vector<FaultsBenchmarkRow>& rows);

}  // namespace foothold::studies
