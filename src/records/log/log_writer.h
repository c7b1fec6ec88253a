#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/status.h"

namespace foothold::records {

/// Appends to a record log. One writer at a time: Open locks the file itself, whatever names it
/// has. Not thread-safe.
///
/// A call that fails leaves everything written before it: what it wrote itself is cut off again. If
/// even that fails, or a sync does (whose data may be lost), the file's state is unknown and every
/// later call fails with the same Status.
///
/// Each call first looks whether the file is still what was written: when it was removed, renamed,
/// replaced, truncated or written to by others, everything that this writer knows, what it was to
/// append included, is saved beside it as PATH.saved-N; the call fails with IoError, which names
/// that file, and so do all later ones.
class LogWriter {
 public:
  /// Creates the log where there is none, and reads it where there is one: a torn last line is cut
  /// off, any other damage is DataLoss. Unavailable when another tuner has it.
  static Result<std::unique_ptr<LogWriter>> Open(Env& env, const std::string& path);

  /// What was in the log when it was opened; `repaired` says what was cut off.
  const LogContents& contents() const { return contents_; }

  /// Starts a run, or resumes `contents().runs[index]`: later calls write into it.
  /// REQUIRES: index < contents().runs.size().
  Status BeginRun(const RunHeader& header);
  void ContinueRun(std::size_t index);
  /// The number of the run that calls write into; 0: none yet.
  std::uint64_t run() const { return run_; }
  /// Later calls write into this run. REQUIRES: it was begun or continued.
  void SwitchTo(std::uint64_t run);

  /// Each appends whole lines to the current run; BeginRun and Started also sync. REQUIRES: a run
  /// was begun or continued; configs fit its parameters; numbers are finite; the trials appended to
  /// a run are 0, 1, 2, ..., and so are the builds; what is withdrawn was started and not finished.
  ///
  /// An Append that fails also cuts off the Started just before it: those trials were run, and
  /// would look as if they had taken the tuner down.
  Status Started(const std::vector<StartedRecord>& records);
  Status Append(const std::vector<TrialRecord>& records,
                const std::vector<WithdrawnRecord>& withdrawn = {});
  Status AppendBuilds(const std::vector<BuildRecord>& records);
  /// Also syncs. REQUIRES: their trials were appended, were correct, and are not demoted yet.
  Status AppendDemoted(const std::vector<DemotedRecord>& records);
  /// Also syncs. REQUIRES: its trials were appended, and are correct.
  Status AppendFinal(const FinalRecord& record);
  Status Sync();

 private:
  LogWriter(Env& env, std::string path, LogContents contents, std::string text,
            std::unique_ptr<AppendFile> file);
  Status Write(const std::string& lines, std::uint64_t size_if_failed);
  Status Write(const std::string& lines) { return Write(lines, text_.size()); }
  Status CheckFile(const std::string& finished);
  Result<std::string> SaveCopy(const std::string& finished);

  Env& env_;
  std::string path_;
  LogContents contents_;
  std::unique_ptr<AppendFile> file_;
  std::string text_;  ///< what the file holds: whole lines
  Status broken_;     ///< not ok: the file's state is unknown
  /// Size of `text_` before the last Started, while nothing else follows it in the file.
  std::optional<std::uint64_t> size_before_started_;

  /// Where a run stands.
  struct Position {
    std::uint64_t next_trial = 0;
    std::uint64_t next_build = 0;
    std::vector<Parameter> parameters;
  };
  /// The current run. REQUIRES: there is one.
  Position& Current();

  std::uint64_t runs_;                           ///< in the file
  std::uint64_t run_ = 0;                        ///< number of the current run; 0: none
  std::map<std::uint64_t, Position> positions_;  ///< of the runs begun or continued, by number
};

}  // namespace foothold::records
