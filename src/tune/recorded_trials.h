#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"

namespace foothold {

/// What a log already knows of a run's trials, by trial number. Empty for a new run.
class RecordedTrials {
 public:
  RecordedTrials() = default;
  /// `path` is that of the log, for messages.
  RecordedTrials(const RunLog& run, std::string path);

  /// DataLoss when the log has another config than `proposal` as this trial.
  Status Check(std::uint64_t trial, const Config& proposal, const Space& space) const;
  /// The finished measurement of the trial; null when there is none. Finished trials come first.
  const Measurement* Finished(std::uint64_t trial) const;
  /// Whether the trial was started and never finished.
  bool Unfinished(std::uint64_t trial) const { return unfinished_.contains(trial); }

 private:
  std::string path_;
  std::uint64_t run_ = 0;  ///< number of the run in its file
  RunHeader header_;
  std::vector<Measurement> finished_;  ///< by trial
  std::map<std::uint64_t, Config> unfinished_;
};

}  // namespace foothold
