#pragma once

#include <cstdint>
#include <vector>

#include "measure/clock.h"
#include "tune/journal.h"

namespace foothold::tune {

/// Keeps a run in memory, with the times at which its trials ended. For runs that are replayed: it
/// takes the trials to run one after another, each for the seconds that its measurement says.
/// `clock` must outlive it.
class MemoryJournal : public Journal {
 public:
  struct Trial {
    Measurement measurement;
    double ended_s = 0;        ///< when, by the clock
    std::uint64_t builds = 0;  ///< without a run, done by then
  };

  explicit MemoryJournal(measure::Clock& clock) : clock_(clock) {}

  const std::vector<Trial>& trials() const { return trials_; }
  const std::vector<BuildReport>& builds() const { return builds_; }
  /// CPU seconds of the searcher.
  double search_seconds() const { return search_seconds_; }

  const RecordedTrials& recorded() const override { return nothing_; }
  Status Started(const std::vector<StartedRecord>& records) override;
  Status Append(const std::vector<TrialRecord>& records,
                const std::vector<WithdrawnRecord>& withdrawn) override;
  Status AppendBuilds(const std::vector<BuildRecord>& records) override;
  Status AppendDemoted(const std::vector<DemotedRecord>& records) override;
  Status AppendFinal(const FinalRecord&) override { return {}; }
  Status Sync() override { return {}; }
  void Searched(double cpu_seconds) override { search_seconds_ += cpu_seconds; }

 private:
  measure::Clock& clock_;
  RecordedTrials nothing_;
  double started_s_ = 0;  ///< when the trials that run now began
  std::vector<Trial> trials_;
  std::vector<BuildReport> builds_;
  double search_seconds_ = 0;
};

}  // namespace foothold::tune
