#include "records/log/log_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "foothold/record.h"
#include "process/testing/fault_env.h"
#include "records/log/testing.h"

namespace foothold::records {
namespace {

using testing::CorrectTrial;
using ::testing::HasSubstr;
using testing::SomeRun;
using testing::TemporaryFolder;
using Operation = process::FaultEnv::Operation;

const Status kDiskFull = Status::IoError("log: cannot write: No space left on device");

class LogWriterTest : public ::testing::Test {
 protected:
  std::unique_ptr<LogWriter> Open() {
    auto writer = LogWriter::Open(env_, path_);
    EXPECT_TRUE(writer.ok()) << writer.status().message();
    return *std::move(writer);
  }
  LogContents Read() { return ReadLog(*Env::Default(), path_).value(); }
  std::size_t TrialsInFile() { return Read().runs.at(0).trials.size(); }
  static std::vector<TrialRecord> Trials(std::uint64_t first, std::uint64_t count) {
    std::vector<TrialRecord> trials;
    for (std::uint64_t i = first; i < first + count; ++i)
      trials.push_back(CorrectTrial(i, {{0, 1}}));
    return trials;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("tune.jsonl");
  process::FaultEnv env_{Env::Default()};
};

TEST_F(LogWriterTest, WritesWhatTheReaderReads) {
  {
    const auto writer = Open();
    EXPECT_TRUE(writer->contents().runs.empty());
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Started({{0, {{0, 1}}}, {1, {{0, 1}}}}).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 1)).ok());
    ASSERT_TRUE(writer->Sync().ok());
  }
  const LogContents contents = Read();
  ASSERT_EQ(contents.runs.size(), 1U);
  EXPECT_EQ(contents.runs[0].trials.size(), 1U);
  EXPECT_EQ(contents.runs[0].unfinished.size(), 1U);
}

TEST_F(LogWriterTest, BeginRunAndStartedSync) {
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  EXPECT_EQ(env_.calls(Operation::kSync), 1);
  ASSERT_TRUE(writer->Started({{0, {{0, 1}}}}).ok());
  EXPECT_EQ(env_.calls(Operation::kSync), 2);
  ASSERT_TRUE(writer->Append(Trials(0, 1)).ok());
  EXPECT_EQ(env_.calls(Operation::kSync), 2);
}

TEST_F(LogWriterTest, ContinuesARunThatAnotherFollowed) {
  {
    const auto writer = Open();
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 2)).ok());
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 1)).ok());
  }
  {
    const auto writer = Open();
    ASSERT_EQ(writer->contents().runs.size(), 2U);
    writer->ContinueRun(0);
    ASSERT_TRUE(writer->Append(Trials(2, 3)).ok());
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 1)).ok());
  }
  const LogContents contents = Read();
  ASSERT_EQ(contents.runs.size(), 3U);
  EXPECT_EQ(contents.runs[0].trials.size(), 5U);
  EXPECT_EQ(contents.runs[1].trials.size(), 1U);
  EXPECT_EQ(contents.runs[2].trials.size(), 1U);
}

TEST_F(LogWriterTest, OneProcessAtATime) {
  const auto writer = Open();
  const auto second = LogWriter::Open(env_, path_);
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
  EXPECT_THAT(second.status().message(),
              HasSubstr("tune.jsonl: is being written by another process"));
}

TEST_F(LogWriterTest, TheLockEndsWithTheWriter) {
  Open();
  Open();
}

TEST_F(LogWriterTest, RefusesToTouchADamagedFile) {
  for (const char* text : {"this is not a log\nat all\n", "nor this\n", "nor that", "{"}) {
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(path_, text).ok());
    const auto writer = LogWriter::Open(env_, path_);
    EXPECT_EQ(writer.status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(Env::Default()->ReadFile(path_).value(), text);
  }
  const std::string damaged =
      ToJsonLine(SomeRun(), 1) + "\nnot a line\n" + ToJsonLine(WithdrawnRecord{0}, 1) + "\n";
  ASSERT_TRUE(Env::Default()->WriteFileAtomically(path_, damaged).ok());
  const auto writer = LogWriter::Open(env_, path_);
  EXPECT_EQ(writer.status().code(), StatusCode::kDataLoss);
  EXPECT_THAT(writer.status().message(), HasSubstr("; foothold log repair " + path_));
  EXPECT_EQ(Env::Default()->ReadFile(path_).value(), damaged);
}

TEST_F(LogWriterTest, CutsOffATornLine) {
  {
    const auto writer = Open();
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 2)).ok());
  }
  const std::string whole = Env::Default()->ReadFile(path_).value();
  ASSERT_TRUE(Env::Default()->WriteFileAtomically(path_, whole + "{\"type\":\"tri").ok());
  {
    const auto writer = Open();
    EXPECT_THAT(writer->contents().repaired.value_or(""),
                HasSubstr(":4: torn last line (12 bytes)"));
    EXPECT_EQ(Env::Default()->ReadFile(path_).value(), whole);
    writer->ContinueRun(0);
    ASSERT_TRUE(writer->Append(Trials(2, 1)).ok());
  }
  EXPECT_FALSE(Read().repaired.has_value());
  EXPECT_EQ(TrialsInFile(), 3U);
}

TEST_F(LogWriterTest, AFullDiskLosesNothingBeforeAndLeavesNoHalfLine) {
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  ASSERT_TRUE(writer->Append(Trials(0, 2)).ok());
  const std::string whole = Env::Default()->ReadFile(path_).value();
  const std::size_t batch =
      2 * (ToJsonLine(CorrectTrial(2, {{0, 1}}), 1, SomeRun().parameters).size() + 1);
  for (const std::size_t written : {std::size_t{0}, std::size_t{1}, batch / 2, batch - 1}) {
    env_.TearAppend(1, written, kDiskFull);
    EXPECT_EQ(writer->Append(Trials(2, 2)), kDiskFull);
    EXPECT_EQ(Env::Default()->ReadFile(path_).value(), whole);
  }
  env_.ClearFaults();  // somebody made room
  EXPECT_TRUE(writer->Append(Trials(2, 2)).ok());
  EXPECT_EQ(TrialsInFile(), 4U);
}

TEST_F(LogWriterTest, AHalfLineThatCannotBeCutOffStopsTheWriter) {
  {
    const auto writer = Open();
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 2)).ok());
    env_.TearAppend(1, 30, kDiskFull);
    env_.FailNth(Operation::kTruncate, 1, Status::IoError("log: cannot truncate"));
    EXPECT_EQ(writer->Append(Trials(2, 1)), kDiskFull);
    env_.ClearFaults();
    EXPECT_EQ(writer->Append(Trials(2, 1)), kDiskFull);
    EXPECT_EQ(writer->Started({{2, {{0, 1}}}}), kDiskFull);
    EXPECT_EQ(writer->BeginRun(SomeRun()), kDiskFull);
    EXPECT_EQ(writer->Sync(), kDiskFull);
  }
  const LogContents contents = Read();
  EXPECT_EQ(contents.runs.at(0).trials.size(), 2U);
  EXPECT_THAT(contents.repaired.value_or(""), HasSubstr("torn last line (30 bytes)"));
}

TEST_F(LogWriterTest, FinishedAndWithdrawnTrialsAreAppendedTogetherOrNotAtAll) {
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  ASSERT_TRUE(writer->Started({{0, {{0, 1}}}, {1, {{0, 1}}}}).ok());
  const int appends = env_.calls(Operation::kAppend);
  ASSERT_TRUE(writer->Append(Trials(0, 1), {{1}}).ok());
  EXPECT_EQ(env_.calls(Operation::kAppend), appends + 1);
  EXPECT_EQ(TrialsInFile(), 1U);
  EXPECT_TRUE(Read().runs.at(0).unfinished.empty());
}

TEST_F(LogWriterTest, AnnouncedTrialsWhoseEndCannotBeWrittenAreNoLongerAnnounced) {
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  ASSERT_TRUE(writer->Append(Trials(0, 1)).ok());
  const std::string whole = Env::Default()->ReadFile(path_).value();
  for (const std::size_t written : {std::size_t{0}, std::size_t{30}}) {
    ASSERT_TRUE(writer->Started({{1, {{0, 1}}}, {2, {{0, 1}}}}).ok());
    env_.TearAppend(1, written, kDiskFull);
    EXPECT_EQ(writer->Append(Trials(1, 1), {{2}}), kDiskFull);
    EXPECT_EQ(Env::Default()->ReadFile(path_).value(), whole);
    env_.ClearFaults();
  }
  ASSERT_TRUE(writer->Started({{1, {{0, 1}}}}).ok());
  ASSERT_TRUE(writer->Append(Trials(1, 1)).ok());
  // What came before a later write that fails stays.
  env_.FailNth(Operation::kAppend, 1, kDiskFull);
  EXPECT_EQ(writer->Append(Trials(2, 1)), kDiskFull);
  EXPECT_EQ(TrialsInFile(), 2U);
}

TEST_F(LogWriterTest, WhatWasNeverAnnouncedForSureIsNotAnnounced) {
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  env_.FailNth(Operation::kSync, 1, Status::IoError("log: cannot sync"));
  EXPECT_FALSE(writer->Started({{0, {{0, 1}}}}).ok());
  EXPECT_TRUE(Read().runs.at(0).unfinished.empty());
}

TEST_F(LogWriterTest, AFailedSyncStopsTheWriter) {
  const Status lost = Status::IoError("log: cannot sync: Input/output error");
  const auto writer = Open();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  env_.FailNth(Operation::kSync, 1, lost);
  EXPECT_EQ(writer->Started({{0, {{0, 1}}}}), lost);
  EXPECT_EQ(writer->Append(Trials(0, 1)), lost);
  EXPECT_EQ(writer->Sync(), lost);
  EXPECT_EQ(TrialsInFile(), 0U);
}

TEST_F(LogWriterTest, OpenPassesOnWhatTheSystemRefuses) {
  const Status refused = Status::IoError("log: Permission denied");
  for (const Operation operation :
       {Operation::kRead, Operation::kTruncate, Operation::kOpenForAppend}) {
    process::FaultEnv env(Env::Default());
    ASSERT_TRUE(Env::Default()->WriteFileAtomically(path_, R"({"type":"run",)").ok());
    env.FailNth(operation, 1, refused);
    EXPECT_EQ(LogWriter::Open(env, path_).status(), refused);
  }
}

// Whatever is done to the file in the middle of a run, what was measured is in the copy.
TEST_F(LogWriterTest, ALogThatIsNoLongerThereIsNoticedAndSaved) {
  const auto write = [](const std::string& path, std::string_view text, bool append) {
    std::ofstream(path, append ? std::ios::app : std::ios::trunc) << text;
  };
  const std::string other = folder_.File("other");
  const std::vector<std::pair<std::string, std::function<void()>>> ways = {
      {"was removed", [&] { std::filesystem::remove(path_); }},
      {"was renamed", [&] { std::filesystem::rename(path_, other); }},
      {"was replaced by another file",
       [&] {
         ASSERT_TRUE(Env::Default()->WriteFileAtomically(other, "").ok());
         std::filesystem::rename(other, path_);
       }},
      {"was truncated", [&] { write(path_, "", false); }},
      {"was written to by another program", [&] { write(path_, "garbage\n", true); }}};
  int number = 0;
  for (const auto& [what, act] : ways) {
    SCOPED_TRACE(what);
    std::filesystem::remove(path_);
    const auto writer = Open();
    ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
    ASSERT_TRUE(writer->Append(Trials(0, 2)).ok());
    ASSERT_TRUE(writer->Started({{2, {{0, 1}}}}).ok());
    act();
    const Status lost = writer->Append(Trials(2, 1));
    const std::string copy = path_ + ".saved-" + std::to_string(++number);
    EXPECT_EQ(lost,
              Status::IoError(path_ + ": " + what +
                              " while this run wrote to it; everything measured is saved in " +
                              copy + ": move that to " + path_ + " to resume"));
    EXPECT_EQ(writer->Sync(), lost);
    EXPECT_EQ(writer->Started({{3, {{0, 1}}}}), lost);
    const LogContents saved = ReadLog(*Env::Default(), copy).value();
    EXPECT_EQ(saved.runs.at(0).trials.size(), 3U);
    EXPECT_TRUE(saved.runs.at(0).unfinished.empty());
    EXPECT_TRUE(saved.damaged.empty() && !saved.repaired);
  }
}

TEST_F(LogWriterTest, WhatIsSavedGoesElsewhereWhereItsFolderIsGone) {
  const std::string folder = folder_.File("below");
  std::filesystem::create_directory(folder);
  const auto writer = LogWriter::Open(env_, folder + "/log").value();
  ASSERT_TRUE(writer->BeginRun(SomeRun()).ok());
  std::filesystem::remove_all(folder);
  const Status lost = writer->Append(Trials(0, 1));
  EXPECT_EQ(lost.code(), StatusCode::kIoError);
  const std::string& message = lost.message();
  const std::size_t begin = message.find("saved in ") + 9;
  const std::string copy = message.substr(begin, message.find(": move", begin) - begin);
  EXPECT_EQ(ReadLog(*Env::Default(), copy)->runs.at(0).trials.size(), 1U) << message;
  std::filesystem::remove_all(std::filesystem::path(copy).parent_path());
}

TEST_F(LogWriterTest, ALogIsLockedUnderAllItsNames) {
  const auto writer = Open();
  std::filesystem::create_symlink(path_, folder_.File("soft"));
  std::filesystem::create_hard_link(path_, folder_.File("hard"));
  for (const char* name : {"soft", "hard"}) {
    EXPECT_EQ(LogWriter::Open(env_, folder_.File(name)).status().code(), StatusCode::kUnavailable);
  }
}

}  // namespace
}  // namespace foothold::records
