#pragma once

#include <string>
#include <vector>

#include "foothold/record.h"
#include "studies/faults/faults_benchmark.h"

namespace foothold::studies {

/// One tuning run over a FaultTarget, in a process of its own with a TMPDIR of its own.
struct FaultyRun {
  double wall_seconds = 0;
  bool ended = false;               ///< by itself and well, at last
  int deaths = 0;                   ///< of the tuner, before that
  std::string best;                 ///< the config that the log says is the fastest
  std::vector<TrialRecord> trials;  ///< in the log
  std::string error;                ///< of the tuner, or why the log is not whole; empty if neither
  std::vector<std::string> left;    ///< what it left behind, in words
};

/// Tunes in the new folder `directory`, at most `most_deaths` times again after the tuner died.
/// Errors are those of the files.
Result<FaultyRun> TuneFaulty(Env& env, const FaultTarget& target, const std::string& directory,
                             std::uint64_t seed, int most_deaths);

}  // namespace foothold::studies
