// The target that answers from a recorded space.
#include <gmock/gmock.h>

#include "foothold/explanation.h"
#include "foothold/replayed_space.h"
#include "formats/testing.h"
#include "process/testing/temporary_folder.h"

namespace foothold::replay {
namespace {

using foothold::testing::kSmallCache;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecordedTaskTest : public ::testing::Test {
 protected:
  std::unique_ptr<Target> Open(std::string_view text) {
    EXPECT_TRUE(env_.WriteFileAtomically(path_, text).ok());
    auto target = MakeRecordedTarget(env_, path_);
    EXPECT_TRUE(target.ok()) << target.status().message();
    return *std::move(target);
  }
  static std::unique_ptr<TargetTask> Prepare(const Target& target, std::string_view workload) {
    auto task = target.Prepare(*ParseInlineWorkload(workload));
    EXPECT_TRUE(task.ok()) << task.status().message();
    return *std::move(task);
  }

  Env& env_ = *Env::Default();
  testing::TemporaryFolder folder_;
  const std::string path_ = folder_.File("small.json");
};

TEST_F(RecordedTaskTest, AnswersAsTheRecordedTunerDid) {
  const auto task = Prepare(*Open(kSmallCache), "kernel:blur");
  const auto config = [&](std::initializer_list<std::int64_t> values) {
    return *task->space().FromValues(std::vector<std::int64_t>(values));
  };
  const BuildResult fast = task->Build(config({8, 0, 0, 0}));
  ASSERT_TRUE(fast.ok());
  const RunResult run = task->Run(*fast.program, {});
  EXPECT_EQ(run.outcome(), Outcome::kCorrect);
  EXPECT_THAT(run.seconds, ElementsAre(0.00325));
  EXPECT_DOUBLE_EQ(run.metrics.at("recorded_cost_s"), 0.131125);
  EXPECT_EQ(run.metrics.at("GFLOP/s"), 12.75);
  EXPECT_EQ(task->Run(*fast.program, {.timeout_s = 0.003}).outcome(), Outcome::kTimeout);

  const BuildResult refused = task->Build(config({16, 0, 0, 0}));
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(refused.failure->outcome, Outcome::kCompile);
  EXPECT_EQ(refused.failure->stage, "CompilationFailedConfig");
  const BuildResult failing = task->Build(config({16, 1, 0, 0}));
  ASSERT_TRUE(failing.ok());
  const RunResult failed = task->Run(*failing.program, {});
  EXPECT_EQ(failed.outcome(), Outcome::kRuntime);
  EXPECT_EQ(failed.failure->reason, "recorded as RuntimeFailedConfig");
  EXPECT_EQ(task->Build(config({16, 1, 1, 0})).failure->outcome, Outcome::kConstraints);
  EXPECT_EQ(task->Build(config({8, 1, 0, 0})).failure->reason, "was not recorded");
}

TEST_F(RecordedTaskTest, ExplainsWithTheFilesOwnValues) {
  const auto task = Prepare(*Open(kSmallCache), "kernel:blur");
  const Config config = *task->space().FromValues(std::vector<std::int64_t>{8, 0, 0, 0});
  const Explanation fast = task->Explain(config);
  EXPECT_EQ(fast.config, "width=8 scale=0.5 pad=True layout=row");
  EXPECT_EQ(fast.seconds, 0.00325);
  EXPECT_EQ(fast.metrics.at("GFLOP/s"), 12.75);
  EXPECT_THAT(ToText(fast), HasSubstr("target    A GPU, replayed\n"));
  EXPECT_THAT(ToJson(fast), HasSubstr(R"("seconds":0.00325,"cost_s":)"));
  const Config other = *task->space().FromValues(std::vector<std::int64_t>{8, 1, 0, 0});
  EXPECT_EQ(task->Explain(other).failure.value().reason, "was not recorded");
  const Config refused = *task->space().FromValues(std::vector<std::int64_t>{16, 0, 0, 0});
  EXPECT_EQ(task->Explain(refused).failure.value().stage, "CompilationFailedConfig");
}

TEST_F(RecordedTaskTest, TakesItsKernelAndNoOtherWorkload) {
  const auto target = Open(kSmallCache);
  EXPECT_EQ(target->name(), "replay:" + path_);
  EXPECT_EQ(target->description(), "recorded: kernel blur on A GPU");
  EXPECT_THAT(target->Prepare(*ParseInlineWorkload("kernel:other")).status().message(),
              HasSubstr("it is a record of kernel:blur"));
  EXPECT_FALSE(target->Prepare(*ParseInlineWorkload("dense:1x16,16")).ok());
}

TEST_F(RecordedTaskTest, AFileThatNamesNoKernelTakesAny) {
  RecordedSpace space = *ParseKernelTunerCache(kSmallCache, "small.json");
  space.kernel.clear();
  const auto target = Open(WriteT4(space).text);
  EXPECT_EQ(Prepare(*target, "kernel:anything")->space().valid_count(), 4u);
  EXPECT_THAT(target->Prepare(*ParseInlineWorkload("dense:1x16,16")).status().message(),
              HasSubstr("it is a record of some kernel: kernel:NAME"));
}

TEST_F(RecordedTaskTest, WhatFootholdRecordedTakesItsLayer) {
  RecordedSpace space = *ParseKernelTunerCache(kSmallCache, "small.json");
  space.kernel = "dense:1x16,16";
  const auto target = Open(WriteT4(space).text);
  EXPECT_EQ(Prepare(*target, "dense:1x16,16")->space().valid_count(), 4u);
  EXPECT_FALSE(target->Prepare(*ParseInlineWorkload("kernel:blur")).ok());
}

}  // namespace
}  // namespace foothold::replay
