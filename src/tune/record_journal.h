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

/// The record log of a run.
class RecordJournal : public Journal {
 public:
  /// Opens the log at `path` and finds the run that `header` continues, or begins a new one, as
  /// `resume` says. `planned` is the number of trials to come to. Errors are those of
  /// LogWriter::Open and FindRun.
  static Result<std::unique_ptr<RecordJournal>> Open(Env& env, const std::string& path,
                                                     const RunHeader& header, Resume resume,
                                                     std::uint64_t planned);

  const RunStart& start() const { return start_; }
  /// What was cut off the log when it was opened.
  const std::optional<std::string>& repaired() const { return log_->contents().repaired; }

  const RecordedTrials& recorded() const override { return recorded_; }
  Status Started(const std::vector<StartedRecord>& records) override {
    return log_->Started(records);
  }
  Status Append(const std::vector<TrialRecord>& records,
                const std::vector<WithdrawnRecord>& withdrawn) override {
    return log_->Append(records, withdrawn);
  }
  Status AppendBuilds(const std::vector<BuildRecord>& records) override {
    return log_->AppendBuilds(records);
  }
  Status AppendDemoted(const std::vector<DemotedRecord>& records) override {
    return log_->AppendDemoted(records);
  }
  Status AppendFinal(const FinalRecord& record) override { return log_->AppendFinal(record); }
  Status Sync() override { return log_->Sync(); }

 private:
  explicit RecordJournal(std::unique_ptr<records::LogWriter> log) : log_(std::move(log)) {}

  std::unique_ptr<records::LogWriter> log_;
  RecordedTrials recorded_;
  RunStart start_;
};

}  // namespace foothold::tune
