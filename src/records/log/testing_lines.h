#pragma once

// Lines of logs as a tuner writes them, and what is said of wrong ones.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "foothold/record.h"
#include "records/log/line_checksum.h"
#include "records/log/testing.h"

namespace foothold::records {

inline std::string RunLine() { return ToJsonLine(testing::SomeRun(), 1) + "\n"; }
inline std::string StartedLine(std::uint64_t trial, Config config) {
  return ToJsonLine(StartedRecord{trial, std::move(config)}, 1, testing::SomeRun().parameters) +
         "\n";
}
inline std::string TrialLine(std::uint64_t trial, Config config = {{0, 0}}) {
  return ToJsonLine(testing::CorrectTrial(trial, std::move(config)), 1,
                    testing::SomeRun().parameters) +
         "\n";
}
inline std::string FailedLine() {
  return ToJsonLine(testing::FailedTrial(0, {{0, 0}}, Outcome::kCompile), 1,
                    testing::SomeRun().parameters) +
         "\n";
}

/// `line` as a tuner would have written it with `to` in the place of `from`.
inline std::string Replaced(std::string line, std::string_view from, std::string_view to) {
  line = line.substr(0, line.find(",\"crc\"")) + "}";
  const std::size_t at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return WithChecksum(line.replace(at, from.size(), to)) + "\n";
}

/// Why the log is refused, or the first of its damaged lines.
inline std::string Complaint(const std::string& text) {
  const auto contents = ParseLog(text, "tune.jsonl");
  if (contents.ok()) {
    EXPECT_FALSE(contents->damaged.empty()) << text;
    return contents->damaged.empty() ? "" : contents->damaged[0].problem;
  }
  EXPECT_EQ(contents.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(contents.status().message().find('\n'), std::string::npos);
  return contents.status().message();
}

}  // namespace foothold::records
