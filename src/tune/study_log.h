#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/study.h"
#include "foothold/tuner.h"
#include "records/log/log_writer.h"

namespace foothold::tune {

/// A study's part of a record log, or nothing where it is kept in memory. The log numbers trials in
/// the order in which they end, a study in the order in which they begin: so trials under way have
/// the numbers that follow those of the finished ones, and change them when another one ends first.
/// Not thread-safe.
class StudyLog {
 public:
  /// In memory.
  StudyLog() = default;
  /// Opens the log and finds the run to resume, or begins one.
  static Result<StudyLog> Open(const RunHeader& header, const StudyOptions& options,
                               const std::string& path, Env& env);

  const RunStart& start() const { return start_; }
  /// What the resumed run holds; empty for a new one.
  std::vector<Measurement> TakeTrials() { return std::move(trials_); }
  /// Configs that were under way when the writer of the resumed run died.
  std::vector<Config> TakeUnfinished() { return std::move(unfinished_); }

  /// Notes that `config` is under way; on the disk when this returns.
  Status Begin(const Config& config);
  /// REQUIRES: the measurement's config is under way. A call that fails leaves it so.
  Status End(const Measurement& measurement);
  /// REQUIRES: `config` is under way.
  Status Withdraw(const Config& config);

 private:
  struct UnderWay {
    Config config;
    bool is_logged = false;  ///< the log has it as started with the number of its place
  };

  std::size_t PlaceOf(const Config& config) const;
  Status Unlog(const std::vector<std::size_t>& places);
  Status Log(const std::vector<std::size_t>& places);
  Status Append(const std::vector<TrialRecord>& records,
                const std::vector<WithdrawnRecord>& withdrawn);
  Status Resume(std::size_t index);

  std::unique_ptr<records::LogWriter> writer_;
  Env* env_ = nullptr;
  RunStart start_;
  std::vector<Measurement> trials_;
  std::vector<Config> unfinished_;
  std::uint64_t finished_ = 0;
  std::vector<UnderWay> under_way_;       ///< the one at place i has the number `finished_` + i
  std::vector<std::size_t> last_logged_;  ///< places whose lines are the last of the log
};

}  // namespace foothold::tune
