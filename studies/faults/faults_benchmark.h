#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// B6: what a tuning run makes of candidates that misbehave, and what they cost it.

/// A kind of candidate of the program `misbehave` (src/process/testing/misbehave.cc), where its
/// position in FaultKinds() is its number; and what must become of it.
struct FaultKind {
  std::string name;
  Outcome outcome;
  std::vector<std::string> stages;  ///< any of them
};
/// The first one behaves; those that are correct do something wrong beside.
const std::vector<FaultKind>& FaultKinds();

/// A command-target file of two parameters: `kind`, of the numbers `kinds`, and `seconds`, of which
/// the candidate prints the decimal digits with those of its kind behind them. So kind 0 with the
/// least `seconds` is the fastest. `program` is misbehave; what candidates leave behind signs the
/// file `sign`. Both lists are JSON's, without the brackets.
std::string FaultTargetJson(const std::string& program, const std::string& sign,
                            const std::string& kinds, const std::string& seconds, double wall_s);

struct FaultsBenchmarkOptions {
  std::string program;     ///< the path of misbehave
  int runs = 3;            ///< of each kind; > 0
  std::uint64_t seed = 1;  ///< of the first run; the next ones count up
};

struct FaultsBenchmarkRow {
  std::string kind;
  int runs = 0;
  int right =
      0;  ///< of them, those with the right best, every trial in the log, nothing unfinished
  int faults = 0;                      ///< faulty candidates in all runs
  double seconds_lost_per_fault = 0;   ///< wall seconds beyond what the other candidates take
  std::map<std::string, int> becomes;  ///< how often a faulty candidate became which outcome
  std::string error;                   ///< of a run that failed altogether; empty if none did

  bool all_right() const { return right == runs; }
};

/// For each kind of fault, tunes a space in which every second candidate is of that kind, one at a
/// time. The wall seconds of a good candidate come from runs without faults on the same machine.
/// Errors are those of the files; a run that fails is a row that is not right.
Result<std::vector<FaultsBenchmarkRow>> RunFaultsBenchmark(Env& env,
                                                           const FaultsBenchmarkOptions& options);

std::string ToText(const std::vector<FaultsBenchmarkRow>& rows);
std::string ToJson(const std::vector<FaultsBenchmarkRow>& rows);

}  // namespace foothold
