#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// What a tuning run was: everything needed to repeat it. The first line of each run in a log.
struct RunHeader {
  std::string foothold_version;
  std::string target;  ///< Target::name()
  Workload workload;
  std::string searcher;
  std::uint64_t seed = 0;
  std::map<std::string, std::string>
      options;  ///< those that change the sequence of proposals, by name
  std::map<std::string, std::string>
      machine;                        ///< host, CPU, kernel, compiler: context, never compared
  std::vector<Parameter> parameters;  ///< of the space, in order
  double wall_clock = 0;              ///< seconds since 1970
};

/// Written and flushed before a config is run, so that one that takes the machine down is known
/// after the restart.
struct StartedRecord {
  std::uint64_t trial = 0;  ///< 0, 1, 2, ... within the run
  Config config;
};

/// A finished trial.
struct TrialRecord {
  std::uint64_t trial = 0;
  Measurement measurement;
  double wall_clock = 0;
};

/// One run as read back from a log: its header, its finished trials in trial order, and the configs
/// that were started and never finished.
struct RunLog {
  RunHeader header;
  std::vector<TrialRecord> trials;
  std::vector<StartedRecord> unfinished;
};

/// What reading a log found. `repaired` is set when the file ended in a torn line, which is dropped
/// from `runs`.
struct LogContents {
  std::vector<RunLog> runs;
  std::optional<std::string> repaired;  ///< "tune.jsonl:17: torn last line (213 bytes) ignored"
  std::uint64_t intact_bytes = 0;       ///< length of the prefix that is whole
};

/// Reads Foothold's record log (docs/formats/record-log.md): JSON Lines, version 1. Any damaged
/// line but the last is an error that names file, line and field.
Result<LogContents> ReadLog(Env& env, const std::string& path);
Result<LogContents> ParseLog(std::string_view text, std::string_view path);

/// Appends to a record log. One process at a time: Open takes the lock `path`.lock. Not
/// thread-safe.
class LogWriter {
 public:
  /// Creates the log where there is none. A torn last line is cut off first. Unavailable when
  /// another tuner has it.
  static Result<std::unique_ptr<LogWriter>> Open(Env& env, const std::string& path);

  /// Each call appends whole lines; BeginRun and Started also sync. An error leaves what was
  /// written before intact.
  Status BeginRun(const RunHeader& header);
  Status Started(const std::vector<StartedRecord>& records);
  Status Append(const std::vector<TrialRecord>& records);
  Status Sync();

 private:
  LogWriter(std::unique_ptr<FileLock> lock, std::unique_ptr<AppendFile> file);
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<AppendFile> file_;
};

/// The lines of the format, for dump and golden tests; no trailing newline.
std::string ToJsonLine(const RunHeader& header);
std::string ToJsonLine(const StartedRecord& record, const std::vector<Parameter>& parameters);
std::string ToJsonLine(const TrialRecord& record, const std::vector<Parameter>& parameters);

}  // namespace foothold
