#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "tune/withdrawals.h"

namespace foothold::tune {

/// What a log already knows of a run's trials and builds, by number. Empty for a new run.
class RecordedTrials {
 public:
  RecordedTrials() = default;
  /// `path` is that of the log, for messages.
  RecordedTrials(const RunLog& run, std::string path);

  /// DataLoss when the log has another config than `proposal` as this trial.
  Status Check(std::uint64_t trial, const Config& proposal, const Space& space) const;
  /// The measurement of the trial as it was finished; null when there is none. Finished trials come
  /// first.
  const Measurement* Finished(std::uint64_t trial) const;
  /// Its demotion; null when it has none.
  const DemotedRecord* Demoted(std::uint64_t trial) const;
  /// What the trials count as that were demoted while one of these was under way.
  std::vector<Measurement> DemotedAt(std::uint64_t first, std::size_t count) const;
  /// The same as Check and Finished for builds.
  Status CheckBuild(std::uint64_t build, const Config& proposal, const Space& space) const;
  const BuildReport* Built(std::uint64_t build) const;
  /// The last final of the run that was made of so many finished trials; null when there is none.
  const FinalRecord* Final(std::uint64_t finished_trials) const;
  /// How often its trials were withdrawn.
  const Withdrawals& withdrawals() const { return withdrawals_; }
  /// Whether the trial was started and never finished.
  bool Unfinished(std::uint64_t trial) const { return unfinished_.contains(trial); }

 private:
  std::string Causes() const;
  Status Mismatch(std::string_view what, std::uint64_t number, const Config& logged,
                  const Config& proposal, const Space& space) const;

  std::string path_;
  std::uint64_t run_ = 0;  ///< number of the run in its file
  RunHeader header_;
  std::vector<Measurement> finished_;  ///< by trial
  std::vector<DemotedRecord> demoted_;
  std::map<std::uint64_t, Config> unfinished_;
  std::vector<BuildReport> builds_;  ///< by number
  std::vector<FinalRecord> finals_;
  Withdrawals withdrawals_;
};

}  // namespace foothold::tune
