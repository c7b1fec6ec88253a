#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/explanation.h"
#include "targets/replay/replay_target.h"
#include "tune/testing/explored.h"

namespace foothold {
namespace {

using testing::ExploreFake;
using testing::FakeTask;
using ::testing::HasSubstr;

class ReplayTaskTest : public ::testing::Test {
 protected:
  ReplayTaskTest() { EXPECT_TRUE(ExploreFake(task_, path_).ok()); }

  std::unique_ptr<TargetTask> Replay() {
    return replay::MakeReplayTask(
        std::make_shared<const records::GroundTruth>(*records::ReadGroundTruth(env_, path_)));
  }
  static Config At(const TargetTask& task, std::uint64_t index) {
    return task.space().AtIndex(index);
  }

  Env& env_ = *Env::Default();
  const FakeTask task_;
  testing::TemporaryFolder folder_;
  const std::string path_ = folder_.File("fake.explored");
};

TEST_F(ReplayTaskTest, AnswersAsTheTargetDid) {
  const auto replay = Replay();
  EXPECT_EQ(replay->workload(), task_.workload());
  EXPECT_FALSE(replay->traits().candidates_can_harm_host);
  EXPECT_EQ(replay->traits().peak_operations_per_second, task_.traits().peak_operations_per_second);
  EXPECT_EQ(replay->traits().roofline_seconds, task_.traits().roofline_seconds);
  for (std::uint64_t i = 0; i < task_.space().raw_size(); ++i) {
    SCOPED_TRACE(i);
    const BuildResult again = replay->Build(At(*replay, i));
    if (!task_.space().IsValid(At(task_, i))) {
      EXPECT_EQ(again.failure->outcome, Outcome::kConstraints);
      continue;
    }
    const BuildResult build = task_.Build(At(task_, i));
    ASSERT_EQ(build.ok(), again.ok());
    if (!build.ok()) {
      EXPECT_EQ(build.failure->stage, again.failure->stage);
      EXPECT_EQ(build.failure->outcome, again.failure->outcome);
      continue;
    }
    EXPECT_EQ(build.program->metrics(), again.program->metrics());
    const RunResult run = task_.Run(*build.program, {.timeout_s = 18});
    const RunResult rerun = replay->Run(*again.program, {.timeout_s = 18});
    EXPECT_EQ(run.outcome(), rerun.outcome());
    EXPECT_EQ(run.seconds, rerun.seconds);
    EXPECT_EQ(run.metrics, rerun.metrics);
    if (run.failure) {
      EXPECT_EQ(run.failure->stage, rerun.failure->stage);
    }
  }
}

TEST_F(ReplayTaskTest, ARecordedTimePastTheLimitIsATimeout) {
  const auto replay = Replay();
  const BuildResult build = replay->Build(At(*replay, 4));
  EXPECT_EQ(replay->Run(*build.program, {.timeout_s = 13.7}).outcome(), Outcome::kCorrect);
  const RunResult late = replay->Run(*build.program, {.timeout_s = 13});
  EXPECT_EQ(late.outcome(), Outcome::kTimeout);
  EXPECT_THAT(late.seconds, ::testing::IsEmpty());
  EXPECT_EQ(late.failure->reason, "takes 13.6 s of 13 s");
}

TEST_F(ReplayTaskTest, ExplainsWhatIsRecorded) {
  const auto replay = Replay();
  EXPECT_THAT(ToText(replay->Explain(At(*replay, 8))), HasSubstr("outcome   compile at lower.dma"));
  EXPECT_THAT(ToText(replay->Explain(At(*replay, 15))),
              HasSubstr("outcome   correct: 2600.000 ms"));
  EXPECT_THAT(ToText(replay->Explain(At(*replay, 15))), HasSubstr("fake, replayed"));
  EXPECT_THAT(ToJson(replay->Explain(At(*replay, 15))), HasSubstr(R"("seconds":2.6,"gops":)"));
  EXPECT_THAT(ToJson(replay->Explain(At(*replay, 8))), HasSubstr(R"("stage":"lower.dma")"));
}

TEST_F(ReplayTaskTest, TheTargetTakesItsWorkloadUnderAnyNameAndNoOther) {
  const auto target = *replay::MakeReplayTarget(env_, path_);
  EXPECT_EQ(target->name(), "replay:" + path_);
  EXPECT_EQ(target->description(), "recorded: tiny on fake");
  Workload workload = task_.workload();
  workload.name = "mine";
  EXPECT_EQ((*target->Prepare(workload))->workload().name, "mine");
  workload.requantize.bias = true;
  EXPECT_THAT(target->Prepare(workload).status().message(),
              HasSubstr("cannot run mine, it is the exploration of tiny with another requantis"));
  workload.op = Dense{1, 32, 128};
  const Status status = target->Prepare(workload).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("cannot run mine (dense 1x32 -> 128"));
  EXPECT_THAT(status.message(), HasSubstr("it is the exploration of tiny (dense 1x32 -> 64"));
}

}  // namespace
}  // namespace foothold
