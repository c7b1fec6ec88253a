#include "foothold/explore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/testing/fault_env.h"
#include "records/ground_truth/ground_truth.h"
#include "tune/explore_options.h"
#include "tune/testing/explored.h"

namespace foothold::tune {
namespace {

using testing::Bytes;
using ::testing::ElementsAre;
using testing::ExploreFake;
using testing::FakeTask;
using ::testing::HasSubstr;
using testing::SmallBlocks;
using testing::WriteBytes;
using Operation = process::FaultEnv::Operation;

bool BreaksTheConstraint(std::uint64_t index) { return index / 3 == 9; }

// What FakeTask does, with a timeout of 18 s.
records::Verdict ExpectedVerdict(std::uint64_t index) {
  const std::vector<std::string> program = {"instructions", "occupancy"};
  if (BreaksTheConstraint(index)) return {Outcome::kConstraints, "constraints", false, {}, {}};
  if (index % 8 == 0) return {Outcome::kCompile, "lower.dma", false, {}, {}};
  if (index % 8 == 1) return {Outcome::kCompile, "lower.threads", false, {}, {}};
  if (index % 8 == 2) return {Outcome::kTimeout, "build", false, {}, {}};
  if (index % 8 == 3) return {Outcome::kRuntime, "jit.hazard", true, {"occupancy"}, {}};
  if (FakeTask::Seconds(index) > 18) return {Outcome::kTimeout, "run", true, program, {}};
  if (index % 8 == 4) return {Outcome::kCorrect, "", true, program, {}};
  return {Outcome::kCorrect, "", true, program, {"cycles"}};
}

class HugeTask : public FakeTask {
 public:
  const Space& space() const override { return space_; }

 private:
  // 100^6 configs.
  static std::vector<Parameter> Parameters() {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < 100; ++i) values.push_back(i);
    return {{"a", values}, {"b", values}, {"c", values},
            {"d", values}, {"e", values}, {"f", values}};
  }
  Space space_ = *Space::Create(Parameters());
};

class ExploreTest : public ::testing::Test {
 protected:
  // The file of an exploration that nothing disturbed.
  std::string Undisturbed() {
    const std::string path = folder_.File("undisturbed");
    const auto explored = ExploreFake(FakeTask(), path);
    EXPECT_TRUE(explored.ok() && explored->finished) << explored.status().message();
    return Bytes(path);
  }

  testing::TemporaryFolder folder_;
  const std::string path_ = folder_.File("fake.explored");
  process::FaultEnv env_{Env::Default()};
};

TEST_F(ExploreTest, KeepsApartAllTheWaysToEnd) {
  const auto explored = ExploreFake(FakeTask(), path_);
  ASSERT_TRUE(explored.ok()) << explored.status().message();
  EXPECT_TRUE(explored->finished);
  EXPECT_EQ(explored->verified, 5U);
  const records::GroundTruth exploration = *records::ReadGroundTruth(env_, path_);

  const Space space = FakeTask().space();
  EXPECT_EQ(exploration.space().parameters(), space.parameters());
  ASSERT_EQ(exploration.size(), space.raw_size());
  for (std::uint64_t i = 0; i < exploration.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(exploration.verdict(i), ExpectedVerdict(i));
    if (!exploration.verdict(i).built) continue;
    EXPECT_EQ(exploration.program_metrics(i).at("occupancy"), 1 / static_cast<double>(i));
    if (exploration.outcome(i) == Outcome::kCorrect) {
      EXPECT_EQ(exploration.seconds(i), FakeTask::Seconds(i));
    }
  }
  EXPECT_THAT(exploration.best_indices(), ElementsAre(15, 20));
}

TEST_F(ExploreTest, TheFileDependsNeitherOnJobsNorOnInterruptions) {
  const std::string whole = Undisturbed();
  ASSERT_TRUE(ExploreFake(FakeTask(), path_, env_, SmallBlocks(4)).ok());
  EXPECT_EQ(Bytes(path_), whole);
}

TEST_F(ExploreTest, GoesOnFromACutAnywhere) {
  const std::string whole = Undisturbed();
  testing::MemoryEnv env;
  const std::size_t mark = whole.find(',');  // what is shorter may be anything
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    ASSERT_TRUE(env.WriteFileAtomically(path_, whole.substr(0, cut)).ok());
    const FakeTask task;
    const auto explored = ExploreFake(task, path_, env);
    if (cut > 0 && cut <= mark) {
      ASSERT_EQ(explored.status().code(), StatusCode::kInvalidArgument) << cut;
      ASSERT_EQ(*env.ReadFile(path_), whole.substr(0, cut));
      continue;
    }
    ASSERT_TRUE(explored.ok() && explored->finished) << cut << explored.status().message();
    ASSERT_EQ(*env.ReadFile(path_), whole) << "cut at byte " << cut;
    int expected = 5;  // the sample
    for (std::uint64_t i = explored->progress.resumed; i < 39; ++i) {
      expected += BreaksTheConstraint(i) ? 0 : 1;
    }
    ASSERT_EQ(task.builds, expected) << "cut at byte " << cut;
  }
}

TEST_F(ExploreTest, WhatIsFinishedIsLeftAlone) {
  const std::string whole = Undisturbed();
  WriteBytes(path_, whole);
  const FakeTask task;
  const auto explored = ExploreFake(task, path_);
  ASSERT_TRUE(explored.ok());
  EXPECT_TRUE(explored->finished);
  EXPECT_EQ(explored->verified, 5U);
  EXPECT_EQ(explored->progress.resumed, 39U);
  EXPECT_EQ(task.builds, 0);
  EXPECT_EQ(Bytes(path_), whole);
}

TEST_F(ExploreTest, AnInterruptKeepsWholeBlocks) {
  std::atomic<bool> interrupt = false;
  const auto explored = Explore(
      FakeTask(), "fake", path_, SmallBlocks(), env_,
      [&](const ExploreProgress& progress) { interrupt = progress.done >= 16; }, interrupt);
  ASSERT_TRUE(explored.ok());
  EXPECT_FALSE(explored->finished);
  EXPECT_EQ(explored->progress.done, 16U);
  EXPECT_EQ(explored->progress.total, 39U);
  EXPECT_THAT(records::ReadGroundTruth(env_, path_).status().message(),
              HasSubstr("is not finished, it holds 16 configs of 39"));
  ASSERT_TRUE(ExploreFake(FakeTask(), path_)->finished);
  EXPECT_EQ(Bytes(path_), Undisturbed());
}

TEST_F(ExploreTest, ProgressCountsAndForeseesTheEnd) {
  env_.StopClocks(0, 100);
  std::vector<ExploreProgress> seen;
  ASSERT_TRUE(Explore(
                  FakeTask(), "fake", path_, SmallBlocks(), env_,
                  [&](const ExploreProgress& progress) {
                    seen.push_back(progress);
                    env_.AdvanceClocks(4);
                  },
                  false)
                  .ok());
  ASSERT_EQ(seen.size(), 6U);  // a block each, and the end
  EXPECT_EQ(seen[1].done, 16U);
  EXPECT_EQ(seen[1].elapsed_s, 4);
  EXPECT_EQ(seen[1].left_s, 4.0 / 16 * 23);
  EXPECT_EQ(seen[1].best_seconds, FakeTask::Seconds(15));
  EXPECT_EQ(seen[5].done, 39U);
  EXPECT_EQ(seen[5].valid(), records::ReadGroundTruth(env_, path_)->valid_count());
}

TEST_F(ExploreTest, AFullDiskLeavesAFileToGoOnFrom) {
  const std::string whole = Undisturbed();
  for (int append = 1; append <= 7; ++append) {
    for (const std::size_t written : {0U, 1U, 40U}) {
      std::filesystem::remove(path_);
      env_.TearAppend(append, written, Status::IoError("fake.explored: cannot write: disk full"));
      const auto full = ExploreFake(FakeTask(), path_, env_);
      ASSERT_EQ(full.status().code(), StatusCode::kIoError) << append;
      env_.ClearFaults();
      ASSERT_TRUE(ExploreFake(FakeTask(), path_, env_).ok());
      EXPECT_EQ(Bytes(path_), whole) << append;
    }
  }
}

TEST_F(ExploreTest, PassesOnWhatTheSystemRefuses) {
  const Status refused = Status::IoError("fake.explored: Permission denied");
  for (const Operation operation :
       {Operation::kRead, Operation::kOpenForAppend, Operation::kSync}) {
    process::FaultEnv env(Env::Default());
    env.FailNth(operation, 1, refused);
    EXPECT_EQ(ExploreFake(FakeTask(), path_, env).status(), refused);
  }
}

TEST_F(ExploreTest, OneProcessAtATime) {
  const auto file = env_.OpenForAppend(path_);
  EXPECT_EQ(ExploreFake(FakeTask(), path_).status().code(), StatusCode::kUnavailable);
}

TEST_F(ExploreTest, AnotherExplorationIsLeftAlone) {
  const std::string whole = Undisturbed();
  WriteBytes(path_, whole);
  ExploreOptions options = SmallBlocks();
  options.timeout_s = 17;
  const Status status = ExploreFake(FakeTask(), path_, env_, options).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("fake.explored: holds another exploration: timeout_s: is "
                                          "18, must be 17: remove the file or choose another"));
  EXPECT_THAT(
      Explore(
          FakeTask(), "other", path_, SmallBlocks(), env_, [](const ExploreProgress&) {}, false)
          .status()
          .message(),
      HasSubstr("target: is fake, must be other"));
  EXPECT_EQ(Bytes(path_), whole);
}

TEST_F(ExploreTest, AWrongConfigInTheSampleIsAnError) {
  FakeTask task;
  ExploreOptions options = SmallBlocks();
  options.verify_sample = 1000;  // all of them
  task.wrong_at = 21;
  const Status status = ExploreFake(task, path_, env_, options).status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("fake.explored: is untrue: config index=21, recorded as "
                                          "correct, ends as correctness at verify"));
  EXPECT_FALSE(records::ReadGroundTruth(env_, path_).ok());
}

TEST_F(ExploreTest, AnotherTimeInTheSampleIsAnError) {
  FakeTask task;
  task.pace_when_verified = 1.5;
  EXPECT_THAT(ExploreFake(task, path_).status().message(), HasSubstr(" s, recorded are "));
}

TEST_F(ExploreTest, AnExceptionOfTheTargetIsNoOutcome) {
  FakeTask task;
  task.throws_at = 20;
  const Status status = ExploreFake(task, path_, env_, SmallBlocks(4)).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("out of luck"));
  ASSERT_TRUE(ExploreFake(FakeTask(), path_).ok());
  EXPECT_EQ(Bytes(path_), Undisturbed());
}

TEST_F(ExploreTest, OptionsOutOfRangeAreErrors) {
  const auto message = [&](ExploreOptions options) {
    return ExploreFake(FakeTask(), path_, env_, options).status().message();
  };
  EXPECT_THAT(message({.jobs = -1}), HasSubstr("jobs: is -1"));
  EXPECT_THAT(message({.timeout_s = 0}), HasSubstr("timeout_s: is 0"));
  EXPECT_THAT(message({.configs_per_block = 0}), HasSubstr("configs_per_block: is 0"));
}

// A field that is added to the struct and not to the table would have no flag and no check.
TEST_F(ExploreTest, TheTableHasEveryField) {
  const ExploreOptions options;
  const auto& [jobs, timeout_s, verify_sample, configs_per_block] = options;
  const std::vector<const void*> fields = {&jobs, &timeout_s, &verify_sample, &configs_per_block};
  EXPECT_EQ(ExploreOptionsTable().options().size(), fields.size());
}

TEST_F(ExploreTest, HugeSpacesAreRefused) {
  const HugeTask task;
  EXPECT_THAT(Explore(
                  task, "huge", path_, {}, env_, [](const ExploreProgress&) {}, false)
                  .status()
                  .message(),
              HasSubstr("has 1000000000000 configs, an exploration takes at most 1000000000"));
  EXPECT_FALSE(env_.FileExists(path_));
}

}  // namespace
}  // namespace foothold::tune
