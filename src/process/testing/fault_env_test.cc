#include "process/testing/fault_env.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace foothold::process {
namespace {

using Operation = FaultEnv::Operation;

class FaultEnvTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "foothold_fault_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  const Status full_ = Status::IoError("disk full");
  const ProcessCommand program_{{"true"}, "", {}, {}};
  FaultEnv env_{Env::Default()};
  std::string directory_;
};

TEST_F(FaultEnvTest, PassesEverythingOnWithoutFaults) {
  EXPECT_TRUE(env_.CreateDirectories(Path("d")).ok());
  EXPECT_TRUE(env_.WriteFileAtomically(Path("a"), "1234").ok());
  {
    auto file = *env_.OpenForAppend(Path("a"));
    EXPECT_TRUE(file->Truncate(2).ok());
    EXPECT_TRUE(file->Append("56").ok());
    EXPECT_TRUE(file->Sync().ok());
    EXPECT_EQ(file->Info()->bytes, 4U);
  }
  EXPECT_EQ(env_.Inspect(Path("a"))->bytes, 4U);
  EXPECT_EQ(*env_.ReadFile(Path("a")), "1256");
  EXPECT_TRUE(env_.FileExists(Path("a")));
  const auto temporary = env_.CreateTemporaryDirectory("foothold_fault_");
  ASSERT_TRUE(temporary.ok());
  EXPECT_TRUE(env_.RemoveTree(*temporary).ok());
  EXPECT_FALSE(env_.FileExists(*temporary));
  EXPECT_TRUE(env_.RunProcess(program_, nullptr).ok());
  for (const Operation operation :
       {Operation::kRead, Operation::kOpenForAppend, Operation::kAppend, Operation::kSync,
        Operation::kWriteAtomically, Operation::kTruncate, Operation::kCreateDirectories,
        Operation::kCreateTemporaryDirectory, Operation::kRemoveTree, Operation::kRunProcess}) {
    EXPECT_EQ(env_.calls(operation), 1);
  }
}

TEST_F(FaultEnvTest, FailsOnlyTheNthCall) {
  auto file = *env_.OpenForAppend(Path("a"));
  env_.FailNth(Operation::kAppend, 2, full_);
  EXPECT_TRUE(file->Append("1").ok());
  EXPECT_EQ(file->Append("2"), full_);
  EXPECT_TRUE(file->Append("3").ok());
  EXPECT_EQ(*env_.ReadFile(Path("a")), "13");
  EXPECT_EQ(env_.calls(Operation::kAppend), 3);
}

TEST_F(FaultEnvTest, FailsFromTheNthCallUntilCleared) {
  env_.FailFrom(Operation::kWriteAtomically, 2, full_);
  EXPECT_TRUE(env_.WriteFileAtomically(Path("a"), "1").ok());
  EXPECT_EQ(env_.WriteFileAtomically(Path("a"), "2"), full_);
  EXPECT_EQ(env_.WriteFileAtomically(Path("a"), "3"), full_);
  EXPECT_EQ(*env_.ReadFile(Path("a")), "1");
  env_.ClearFaults();
  EXPECT_TRUE(env_.WriteFileAtomically(Path("a"), "4").ok());
}

TEST_F(FaultEnvTest, TearsAnAppendAndThenWritesNothing) {
  auto file = *env_.OpenForAppend(Path("a"));
  env_.TearAppend(2, 3, full_);
  EXPECT_TRUE(file->Append("first\n").ok());
  EXPECT_EQ(file->Append("second\n"), full_);
  EXPECT_EQ(file->Append("third\n"), full_);
  EXPECT_EQ(*env_.ReadFile(Path("a")), "first\nsec");
}

TEST_F(FaultEnvTest, EveryOperationCanFail) {
  auto file = *env_.OpenForAppend(Path("a"));
  for (const Operation operation :
       {Operation::kRead, Operation::kOpenForAppend, Operation::kSync, Operation::kTruncate,
        Operation::kCreateDirectories, Operation::kCreateTemporaryDirectory, Operation::kRemoveTree,
        Operation::kRunProcess}) {
    env_.FailNth(operation, 1, full_);
  }
  EXPECT_EQ(env_.ReadFile(Path("a")).status(), full_);
  env_.FailNth(Operation::kRead, 1, full_);
  EXPECT_EQ(env_.OpenForRead(Path("a")).status(), full_);
  EXPECT_EQ(env_.OpenForAppend(Path("a")).status(), full_);
  EXPECT_EQ(file->Sync(), full_);
  EXPECT_EQ(file->Truncate(0), full_);
  EXPECT_EQ(env_.CreateDirectories(Path("d")), full_);
  EXPECT_FALSE(env_.FileExists(Path("d")));
  EXPECT_EQ(env_.CreateTemporaryDirectory("foothold_").status(), full_);
  EXPECT_EQ(env_.RemoveTree(directory_), full_);
  EXPECT_TRUE(env_.FileExists(directory_));
  EXPECT_EQ(env_.RunProcess(program_, nullptr).status(), full_);
}

TEST_F(FaultEnvTest, ClocksStandStillUntilAdvanced) {
  EXPECT_GT(env_.WallClockSeconds(), 1.6e9);
  env_.StopClocks(1000, 5);
  EXPECT_EQ(env_.WallClockSeconds(), 1000);
  EXPECT_EQ(env_.MonotonicSeconds(), 5);
  env_.AdvanceClocks(2.5);
  EXPECT_EQ(env_.WallClockSeconds(), 1002.5);
  EXPECT_EQ(env_.MonotonicSeconds(), 7.5);
  env_.Sleep(3600);
  EXPECT_EQ(env_.WallClockSeconds(), 4602.5);
  EXPECT_EQ(env_.MonotonicSeconds(), 3607.5);
}

}  // namespace
}  // namespace foothold::process
