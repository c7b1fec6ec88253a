#include "measure/repeating_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/testing/noisy_task.h"

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;

class RepeatingTaskTest : public ::testing::Test {
 protected:
  RepeatingTaskTest() { env_.StopClocks(1000, 50); }

  RunResult Run(const RepeatingTask& task, std::uint32_t n) {
    const BuildResult built = task.Build(Config{{n}});
    return task.Run(*built.program, {60, true});
  }
  /// Over a device that knows nothing yet.
  const RepeatingTask& Task() {
    device_ = std::make_unique<DeviceTask>(*noisy_, DeviceOptions(), 600, env_);
    task_ = std::make_unique<RepeatingTask>(*device_, rules_, env_);
    return *task_;
  }
  std::size_t runs() const { return noisy_->log.size(); }

  process::FaultEnv env_{Env::Default()};
  RepeatOptions rules_;
  std::unique_ptr<NoisyTask> noisy_ = Make(NoNoise);
  std::unique_ptr<NoisyTask> Make(NoisyTask::Noise noise) {
    return std::make_unique<NoisyTask>(env_, std::vector<double>{0.1, 0.101, 0.13, 0.5},
                                       std::move(noise), 1);
  }
  std::unique_ptr<DeviceTask> device_;
  std::unique_ptr<RepeatingTask> task_;
};

TEST_F(RepeatingTaskTest, ThrowsTheWarmUpAwayAndVerifiesOnce) {
  noisy_ = Make([first = true](Rng&) mutable { return std::exchange(first, false) ? 7.0 : 1.0; });
  const RunResult result = Run(Task(), 0);
  EXPECT_EQ(result.seconds, std::vector<double>(6, 0.1)) << "six equal ones are an interval";
  EXPECT_EQ(result.times_per_run, std::vector<std::size_t>(6, 1));
  EXPECT_EQ(noisy_->verified, (std::vector<bool>{true, false, false, false, false, false, false}));
}

TEST_F(RepeatingTaskTest, SpendsLittleOnWhatIsClearlyWorse) {
  const RepeatingTask& task = Task();
  Run(task, 0);
  EXPECT_EQ(runs(), 7U);
  const RunResult clearly_slower = Run(task, 3);
  EXPECT_EQ(runs(), 8U) << "five times as long: even its warm-up says so";
  EXPECT_EQ(clearly_slower.seconds, std::vector<double>{0.5});
  EXPECT_TRUE(clearly_slower.times_per_run.empty());
  Run(task, 2);
  EXPECT_EQ(runs(), 8U + 1 + 3) << "30 % worse: a warm-up and the least repeats";
  Run(task, 1);
  EXPECT_EQ(runs(), 12U + 1 + 6) << "1 % worse: an interval says so";
}

TEST_F(RepeatingTaskTest, MostRepeatsAndSecondsEndIt) {
  noisy_ = Make(LogNormal(20));
  rules_.most_repeats = 9;
  Run(Task(), 0);
  EXPECT_EQ(runs(), 10U);
  rules_.most_repeats = 1;
  rules_.warm_ups = 0;
  Run(Task(), 0);
  EXPECT_EQ(runs(), 11U);
  rules_ = {};
  rules_.repeat_seconds = 1;
  const double before = env_.MonotonicSeconds();
  Run(Task(), 3);
  EXPECT_GE(env_.MonotonicSeconds() - before, 1);
  EXPECT_LE(env_.MonotonicSeconds() - before, 2);
}

TEST_F(RepeatingTaskTest, ACandidateThatFailsLaterFails) {
  noisy_->fails = [](std::size_t run) {
    RunResult result;
    if (run < 3) return result;
    result.failure = {Outcome::kRuntime, "run.signal", "crashed"};
    return result;
  };
  const RunResult result = Run(Task(), 0);
  EXPECT_EQ(result.outcome(), Outcome::kRuntime);
  EXPECT_EQ(result.failure->reason, "crashed; an earlier run of it was correct");
  EXPECT_TRUE(result.seconds.empty());
  EXPECT_EQ(runs(), 4U);
}

TEST_F(RepeatingTaskTest, AFailureOfTheInfrastructureIsPassedOn) {
  noisy_->fails = [](std::size_t run) {
    RunResult result;
    if (run == 2) result.status = Status::Cancelled("interrupted");
    return result;
  };
  EXPECT_EQ(Run(Task(), 0).status.code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace foothold::measure
