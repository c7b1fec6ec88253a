#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foothold/record.h"
#include "records/log/line_reader.h"

namespace foothold::records {

/// Parses a record log as it comes, piece by piece, in memory for what it says and one line. Not
/// thread-safe.
class LogParser {
 public:
  /// Longer lines, and those with more values, are damaged: a tuner writes no such.
  static constexpr std::size_t kMostLineBytes = std::size_t{16} << 20;
  static constexpr std::size_t kMostValues = 1'000'000;

  /// Messages name `path`.
  explicit LogParser(std::string path) : path_(std::move(path)), reader_(contents_.runs) {}
  LogParser(const LogParser&) = delete;
  LogParser& operator=(const LogParser&) = delete;

  /// Takes the next bytes. An error, one of ReadLog's, is final.
  Status Feed(std::string_view bytes);
  /// Completes `contents`, as if the log ended here; Feed may follow all the same.
  Status Finish();
  /// The same for a log that is being written: a last line that is not whole is no loss.
  Status FinishSoFar();
  /// As of the last Finish.
  const LogContents& contents() const { return contents_; }
  /// The same; the parser is of no more use.
  LogContents TakeContents() { return std::move(contents_); }

 private:
  Status TakeLine(std::string_view line);
  Status ReadLine(std::string_view line);
  void AddDamage(std::string problem, bool salvaged);
  void SettleSuspect();

  std::string path_;
  LogContents contents_;
  LineReader reader_;
  std::uint64_t lines_ = 0;        ///< that ended, or were too long
  std::uint64_t taken_bytes_ = 0;  ///< of lines that ended
  std::string begun_;              ///< the line that has not ended
  bool skips_line_ = false;        ///< it was too long
  /// The last line if it is not JSON: torn if no other follows, else damaged.
  std::optional<std::string> suspect_;
  std::uint64_t suspect_bytes_ = 0;
  bool suspect_may_begin_a_log_ = false;
};

}  // namespace foothold::records
