#pragma once

#include <memory>

#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "measure/clock.h"
#include "measure/runner.h"
#include "records/log/log_writer.h"
#include "tune/loop.h"
#include "tune/loop_session.h"
#include "tune/record_journal.h"

namespace foothold::tune {

/// A run that is under way in a record log: what Tune does, a batch at a time. Runs that share a
/// log take turns. Not thread-safe.
class RunInLog {
 public:
  /// Finds the run in the log or begins it, and calls `request.on_start`. All but the log outlive
  /// the run. `request.options.trials` may grow between two batches. REQUIRES: as TuneWith.
  static Result<std::unique_ptr<RunInLog>> Begin(const TuneRequest& request,
                                                 const RunHeader& header, measure::Runner& runner,
                                                 std::shared_ptr<records::LogWriter> log);

  LoopSession& session() { return session_; }
  /// Ends the session. REQUIRES: it is not ended yet.
  Result<TuneResult> Finish(StopReason stop);

 private:
  RunInLog(const TuneRequest& request, const RunHeader& header, measure::Runner& runner,
           std::unique_ptr<RecordJournal> journal);

  const TuneRequest& request_;
  const RunHeader& header_;
  measure::EnvClock clock_;
  std::unique_ptr<RecordJournal> journal_;
  LoopParts parts_;
  LoopSession session_;
};

}  // namespace foothold::tune
