#pragma once

#include <vector>

#include "foothold/record.h"
#include "foothold/status.h"
#include "tune/recorded_trials.h"

namespace foothold::tune {

/// Where the loop writes down what happens in a run, and what it knows of earlier sessions of the
/// same run. A call that fails ends the session. Not thread-safe.
class Journal {
 public:
  virtual ~Journal() = default;
  /// What earlier sessions of the run wrote.
  virtual const RecordedTrials& recorded() const = 0;

  /// These trials are about to run.
  virtual Status Started(const std::vector<StartedRecord>& records) = 0;
  /// These trials are finished, and those were withdrawn; all had started. The trials of a run are
  /// 0, 1, 2, ...
  virtual Status Append(const std::vector<TrialRecord>& records,
                        const std::vector<WithdrawnRecord>& withdrawn) = 0;
  /// Builds without a run: 0, 1, 2, ...
  virtual Status AppendBuilds(const std::vector<BuildRecord>& records) = 0;
  /// These trials, which are finished, are not correct after all.
  virtual Status AppendDemoted(const std::vector<DemotedRecord>& records) = 0;
  virtual Status AppendFinal(const FinalRecord& record) = 0;
  /// Returns when everything written so far would survive a power loss.
  virtual Status Sync() = 0;
  /// The searcher took this much CPU time since the last call.
  virtual void Searched(double /*cpu_seconds*/) {}
};

}  // namespace foothold::tune
