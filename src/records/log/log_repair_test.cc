#include <gtest/gtest.h>

#include <filesystem>

#include "foothold/record.h"
#include "foothold/rng.h"
#include "records/log/log_writer.h"
#include "records/log/testing.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using testing::SomeBuild;
using testing::SomeRun;

class LogRepairTest : public ::testing::Test {
 protected:
  std::string Read(const std::string& path) { return env_.ReadFile(path).value(); }
  void Write(const std::string& text) { ASSERT_TRUE(env_.WriteFileAtomically(path_, text).ok()); }
  static std::vector<std::string> Lines() {
    const std::vector<Parameter> parameters = SomeRun().parameters;
    std::vector<std::string> lines = {ToJsonLine(SomeRun(), 1),
                                      ToJsonLine(SomeBuild(0, {{2, 1}}, false), 1, parameters)};
    for (std::uint64_t trial = 0; trial < 8; ++trial) {
      const Config config{{static_cast<std::uint32_t>(trial % 3), 0}};
      lines.push_back(ToJsonLine(StartedRecord{trial, config}, 1, parameters));
      lines.push_back(ToJsonLine(CorrectTrial(trial, config), 1, parameters));
    }
    return lines;
  }
  static std::string Joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
  std::string path_ = folder_.File("tune.jsonl");
};

TEST_F(LogRepairTest, AGoodLogIsLeftAlone) {
  Write(Joined(Lines()));
  const auto repair = RepairLog(env_, path_, "");
  ASSERT_TRUE(repair.ok());
  EXPECT_EQ(repair->written_to, "");
  EXPECT_EQ(Read(path_), Joined(Lines()));
}

TEST_F(LogRepairTest, KeepsWhatWasDamagedAndLeavesALogThatCanBeWrittenTo) {
  std::vector<std::string> lines = Lines();
  lines[7] = "garbage";
  Write(Joined(lines));
  ASSERT_EQ(LogWriter::Open(env_, path_).status().code(), StatusCode::kDataLoss);
  const auto repair = RepairLog(env_, path_, "");
  ASSERT_TRUE(repair.ok()) << repair.status().message();
  EXPECT_EQ(repair->original, path_ + ".damaged-1");
  EXPECT_EQ(Read(repair->original), Joined(lines));
  EXPECT_EQ(repair->contents.damaged.front().first, 8U);
  const auto writer = LogWriter::Open(env_, path_);
  ASSERT_TRUE(writer.ok()) << writer.status().message();
  const LogContents& contents = (*writer)->contents();
  ASSERT_EQ(contents.runs.size(), 2U);
  EXPECT_EQ(contents.runs[0].trials.size(), 2U);
  EXPECT_EQ(contents.runs[0].builds.size(), 1U);
  EXPECT_EQ(contents.runs[1].trials.size(), 5U);
}

TEST_F(LogRepairTest, WritesElsewhereWhenAskedTo) {
  const std::string damaged = Joined(Lines()) + "{\"torn";
  Write(damaged);
  const std::string out = folder_.File("out");
  const auto repair = RepairLog(env_, path_, out);
  ASSERT_TRUE(repair.ok());
  EXPECT_EQ(repair->written_to, out);
  EXPECT_EQ(repair->original, "");
  EXPECT_EQ(Read(path_), damaged);
  EXPECT_EQ(ReadLog(env_, out)->runs.at(0).trials.size(), 8U);
}

TEST_F(LogRepairTest, ALogThatIsBeingWrittenIsLeftAlone) {
  Write(Joined(Lines()) + "{\"torn");
  const auto file = env_.OpenForAppend(path_);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(RepairLog(env_, path_, "").status().code(), StatusCode::kUnavailable);
}

// Lines are lost, doubled, swapped and changed at random: every trial whose line is still there
// survives, and the repaired log is without fault.
TEST_F(LogRepairTest, SavesEveryTrialThatReads) {
  const std::uint64_t seed = 20'240'229;
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Rng rng(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> lines = Lines();
    for (int change = 0; change < 3; ++change) {
      const auto at = static_cast<std::ptrdiff_t>(1 + rng.Below(lines.size() - 1));
      const auto other = static_cast<std::size_t>(1 + rng.Below(lines.size() - 1));
      std::string& line = lines[static_cast<std::size_t>(at)];
      switch (rng.Below(4)) {
        case 0:
          lines.erase(lines.begin() + at);
          break;
        case 1:
          std::swap(line, lines[other]);
          break;
        case 2:
          line[rng.Below(line.size())] ^= 2;
          break;
        default:
          lines.insert(lines.begin() + at, std::string(lines[other]));
      }
    }
    std::size_t readable = 0;
    const std::vector<std::string> good = Lines();
    for (const std::string& line : lines) {
      const bool is_trial = line.find("\"type\":\"trial\"") != std::string::npos;
      if (is_trial && std::count(good.begin(), good.end(), line) > 0) ++readable;
    }
    const auto salvaged = ParseLog(Joined(lines), "tune.jsonl");
    ASSERT_TRUE(salvaged.ok()) << salvaged.status().message();
    const auto again = ParseLog(ToJsonLines(*salvaged), "again.jsonl");
    ASSERT_TRUE(again.ok()) << again.status().message();
    EXPECT_TRUE(again->damaged.empty()) << again->damaged.front().problem;
    std::size_t trials = 0;
    for (const RunLog& run : again->runs) trials += run.trials.size();
    EXPECT_EQ(trials, readable) << Joined(lines);
  }
}

}  // namespace
}  // namespace foothold::records
