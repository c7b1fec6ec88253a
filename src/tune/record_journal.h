#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/tuner.h"
#include "records/log/log_writer.h"
#include "tune/journal.h"

namespace foothold::tune {

/// The record log of a run, which may share the log with other runs under way.
class RecordJournal : public Journal {
 public:
  /// Finds the run of `log`, which is at `path`, that `header` continues, or begins a new one, as
  /// `resume` says. `planned` is the number of trials to come to. Errors are those of FindRun and
  /// of the log.
  static Result<std::unique_ptr<RecordJournal>> Begin(std::shared_ptr<records::LogWriter> log,
                                                      const std::string& path,
                                                      const RunHeader& header, Resume resume,
                                                      std::uint64_t planned);

  const RunStart& start() const { return start_; }
  /// What was cut off the log when it was opened.
  const std::optional<std::string>& repaired() const { return log_->contents().repaired; }

  const RecordedTrials& recorded() const override { return recorded_; }
  Status Started(const std::vector<StartedRecord>& records) override {
    return Writer().Started(records);
  }
  Status Append(const std::vector<TrialRecord>& records,
                const std::vector<WithdrawnRecord>& withdrawn) override {
    return Writer().Append(records, withdrawn);
  }
  Status AppendBuilds(const std::vector<BuildRecord>& records) override {
    return Writer().AppendBuilds(records);
  }
  Status AppendDemoted(const std::vector<DemotedRecord>& records) override {
    return Writer().AppendDemoted(records);
  }
  Status AppendFinal(const FinalRecord& record) override { return Writer().AppendFinal(record); }
  Status Sync() override { return log_->Sync(); }

 private:
  explicit RecordJournal(std::shared_ptr<records::LogWriter> log) : log_(std::move(log)) {}

  /// The log, for lines of this run.
  records::LogWriter& Writer() {
    log_->SwitchTo(start_.run);
    return *log_;
  }

  std::shared_ptr<records::LogWriter> log_;
  RecordedTrials recorded_;
  RunStart start_;
};

}  // namespace foothold::tune
