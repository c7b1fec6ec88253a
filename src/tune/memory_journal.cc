#include "tune/memory_journal.h"

#include <utility>

#include "records/log/demotion.h"

namespace foothold::tune {

Status MemoryJournal::Started(const std::vector<StartedRecord>&) {
  started_s_ = clock_.MonotonicSeconds();
  return {};
}

Status MemoryJournal::Append(const std::vector<TrialRecord>& records,
                             const std::vector<WithdrawnRecord>&) {
  for (const TrialRecord& record : records) {
    started_s_ += record.measurement.build_seconds + record.measurement.run_seconds;
    trials_.push_back({record.measurement, started_s_, builds_.size()});
  }
  return {};
}

Status MemoryJournal::AppendDemoted(const std::vector<DemotedRecord>& records) {
  for (const DemotedRecord& record : records) {
    Measurement& measurement = trials_[record.trial].measurement;
    measurement = records::Demoted(std::move(measurement), record.failure);
  }
  return {};
}

Status MemoryJournal::AppendBuilds(const std::vector<BuildRecord>& records) {
  for (const BuildRecord& record : records) builds_.push_back(record.report);
  return {};
}

}  // namespace foothold::tune
