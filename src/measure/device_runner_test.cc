#include "measure/device_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <limits>
#include <map>
#include <mutex>

#include "process/testing/fault_env.h"

namespace foothold::measure {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A device that plays a script: what each run of a config (its number) does, in order; the last
/// line is repeated. Without a script a config is correct and takes its number in seconds.
class ScriptedTask : public TargetTask {
 public:
  explicit ScriptedTask(process::FaultEnv& env) : env_(env), space_(MakeSpace()) {
    workload_.name = "s";
  }

  mutable std::map<std::int64_t, std::deque<RunResult>> runs;
  mutable std::deque<Status> builds;     ///< of all configs; ok when there are no more
  std::map<std::int64_t, int> lives;     ///< correct runs that a program of the config has, if few
  double wall_s = 0.25;                  ///< of each run
  std::map<std::int64_t, double> walls;  ///< of those configs instead
  TaskTraits given = {.times_are_exact = true};
  mutable std::vector<std::int64_t> log;
  mutable std::vector<double> limits;
  mutable std::atomic<int> running = 0;
  mutable std::atomic<int> most_running = 0;

  const Workload& workload() const override { return workload_; }
  const Space& space() const override { return space_; }
  const TaskTraits& traits() const override { return given; }

  BuildResult Build(const Config& config) const override {
    const std::scoped_lock lock(mutex_);
    BuildResult built;
    if (!builds.empty()) built.status = NextBuild();
    if (built.status.ok())
      built.program = std::make_unique<ScriptedProgram>(space_.Value(config, "n"));
    return built;
  }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    most_running = std::max<int>(most_running, ++running);
    const std::int64_t n = dynamic_cast<const ScriptedProgram&>(program).n;
    RunResult result = Next(n);
    const auto left = lives.find(n);
    const int runs_before = dynamic_cast<const ScriptedProgram&>(program).runs++;
    if (left != lives.end() && runs_before >= left->second) {
      result = Fails(Outcome::kRuntime, "worn out");
    }
    const auto wall = walls.find(n);
    env_.AdvanceClocks(wall == walls.end() ? wall_s : wall->second);
    const std::scoped_lock lock(mutex_);
    log.push_back(n);
    limits.push_back(options.timeout_s);
    --running;
    return result;
  }

 private:
  struct ScriptedProgram : Program {
    explicit ScriptedProgram(std::int64_t number) : n(number) {}
    const Metrics& metrics() const override { return none; }
    std::int64_t n;
    mutable int runs = 0;
    Metrics none;
  };

  static Space MakeSpace() {
    std::vector<std::int64_t> values;
    for (std::int64_t n = 0; n < 300; ++n) values.push_back(n);
    return Space::Create({{"n", values}}).value();
  }

  Status NextBuild() const {
    Status status = builds.front();
    builds.pop_front();
    return status;
  }
  RunResult Next(std::int64_t n) const {
    const std::scoped_lock lock(mutex_);
    const auto found = runs.find(n);
    if (found == runs.end()) return Correct(static_cast<double>(n));
    RunResult result = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return result;
  }

 public:
  static RunResult Correct(double seconds) {
    RunResult result;
    result.seconds = {seconds};
    return result;
  }
  static RunResult Fails(Outcome outcome, const std::string& reason) {
    RunResult result;
    result.failure = {outcome, "run.x", reason};
    return result;
  }
  static RunResult Gone(const Status& status) {
    RunResult result;
    result.status = status;
    return result;
  }

 private:
  process::FaultEnv& env_;
  Workload workload_;
  Space space_;
  mutable std::mutex mutex_;
};

class DeviceRunnerTest : public ::testing::Test {
 protected:
  DeviceRunnerTest() { env_.StopClocks(1000, 50); }

  MeasuredBatch Measure(const std::vector<std::uint32_t>& numbers, int jobs = 1) {
    std::vector<Config> configs;
    for (const std::uint32_t n : numbers) configs.push_back(Config{{n}});
    const auto runner = MakeDeviceRunner(task_, {60, true}, rules_, repeats_, jobs, env_);
    MeasuredBatch batch = runner->Measure(configs, [] { return false; });
    demotions_ = runner->TakeDemotions();
    EXPECT_TRUE(runner->TakeDemotions().empty()) << "each is given once";
    return batch;
  }

  const Status away_ = Status::Unavailable("the board is away");
  const RunResult crash_ = ScriptedTask::Fails(Outcome::kRuntime, "crashed");
  process::FaultEnv env_{Env::Default()};
  ScriptedTask task_{env_};
  DeviceOptions rules_;
  RepeatOptions repeats_;
  std::vector<Demotion> demotions_;  ///< of the last Measure
};

TEST_F(DeviceRunnerTest, RunsOneAtATimeHoweverManyBuild) {
  task_.wall_s = 0;
  std::vector<std::uint32_t> all;
  for (std::uint32_t n = 1; n < 200; ++n) all.push_back(n);
  const MeasuredBatch batch = Measure(all, 5);
  ASSERT_EQ(batch.measurements.size(), all.size());
  EXPECT_EQ(task_.most_running, 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(batch.measurements[i].seconds, std::vector<double>{static_cast<double>(all[i])});
  }
}

TEST_F(DeviceRunnerTest, AFailureOfTheInfrastructureIsTriedAgainAndLeavesNoTrace) {
  task_.runs[5] = {ScriptedTask::Gone(away_), ScriptedTask::Gone(away_), ScriptedTask::Correct(5)};
  task_.builds = {away_, Status()};
  const MeasuredBatch batch = Measure({5});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 1U);
  EXPECT_EQ(batch.measurements[0].outcome(), Outcome::kCorrect);
  EXPECT_EQ(env_.MonotonicSeconds(), 50 + 1 + 1 + 2 + 4 * 0.25);  // pauses, runs
  EXPECT_EQ(batch.measurements[0].run_seconds, 4 * 0.25) << "pauses are not charged";
}

TEST_F(DeviceRunnerTest, AttemptsAreBounded) {
  task_.runs[5] = {ScriptedTask::Gone(away_)};
  const MeasuredBatch batch = Measure({5, 6});
  EXPECT_EQ(batch.status, away_);
  EXPECT_TRUE(batch.measurements.empty());
  EXPECT_THAT(task_.log, ElementsAre(5, 5, 5));
}

TEST_F(DeviceRunnerTest, WhoseRunAloneMeetsFailuresOfTheInfrastructureHasFailed) {
  task_.runs[5] = {ScriptedTask::Gone(away_)};
  const MeasuredBatch batch = Measure({4, 5, 6});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kRuntime);
  EXPECT_EQ(batch.measurements[1].failure->stage, "run.infrastructure");
  EXPECT_EQ(batch.measurements[1].failure->reason,
            "failed 6 times, while the best candidate so far did not: the board is away");
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 5, 5, 5, 4, 5, 5, 5, 6));
}

TEST_F(DeviceRunnerTest, TheInfrastructureThatFailsForAllEndsTheBatch) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), ScriptedTask::Gone(away_)};
  task_.runs[5] = {ScriptedTask::Gone(away_)};
  const MeasuredBatch batch = Measure({4, 5, 6});
  EXPECT_EQ(batch.status, away_);
  EXPECT_EQ(batch.measurements.size(), 1U);
}

TEST_F(DeviceRunnerTest, WhoseBuildAloneMeetsFailuresOfTheInfrastructureHasFailed) {
  task_.builds = {Status(), away_, away_, away_, Status(), away_, away_, away_};
  const MeasuredBatch batch = Measure({4, 5, 6});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kCompile);
  EXPECT_EQ(batch.measurements[1].failure->stage, "build.infrastructure");
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kCorrect);
}

TEST_F(DeviceRunnerTest, WhatDoesNotExistIsNotAskedForTwice) {
  task_.runs[5] = {ScriptedTask::Gone(Status::NotFound("no such program"))};
  EXPECT_EQ(Measure({5}).status.code(), StatusCode::kNotFound);
  EXPECT_THAT(task_.log, ElementsAre(5));
}

TEST_F(DeviceRunnerTest, AFailureOnAHealthyDeviceIsBelieved) {
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({5, 4, 7, 6});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 4U);
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kRuntime);
  EXPECT_THAT(task_.log, ElementsAre(5, 5, 4, 4, 7, 4, 6)) << "4, the best, is the probe";
}

TEST_F(DeviceRunnerTest, AnInnocentCandidateGetsASecondRunOnARecoveredDevice) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_,
                   ScriptedTask::Correct(4)};
  task_.runs[7] = {crash_, ScriptedTask::Correct(7)};
  const MeasuredBatch batch = Measure({4, 7});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 2U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kCorrect);
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 7, 4, 4, 7));
}

TEST_F(DeviceRunnerTest, ACandidateThatPoisonsTheDeviceIsBlamedOnceItIsWellAgain) {
  task_.runs[4] = {
      ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_, ScriptedTask::Correct(4), crash_,
      ScriptedTask::Correct(4)};
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({4, 7, 8});
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kRuntime);
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kCorrect);
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 7, 4, 4, 7, 4, 4, 8));
}

TEST_F(DeviceRunnerTest, ADeviceThatStaysSickEndsTheBatch) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_};
  task_.runs[5] = {ScriptedTask::Correct(5), crash_};
  task_.runs[7] = {ScriptedTask::Fails(Outcome::kTimeout, "slow")};
  const MeasuredBatch batch = Measure({4, 5, 7, 8});
  EXPECT_EQ(batch.measurements.size(), 2U);
  EXPECT_EQ(batch.status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(batch.status.message(), HasSubstr("the device is not well"));
  EXPECT_THAT(batch.status.message(), HasSubstr("run.x: crashed"));
}

TEST_F(DeviceRunnerTest, TheOnlyOneThatRanMayHaveStoppedByItself) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_};
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({4, 7, 8, 9});
  EXPECT_TRUE(batch.status.ok()) << batch.status.message();
  EXPECT_EQ(batch.measurements.size(), 4U);
  ASSERT_EQ(demotions_.size(), 1U);
  EXPECT_EQ(demotions_[0].config, Config{{4}});
}

TEST_F(DeviceRunnerTest, ADeviceThatStaysSickAfterTheFirstOneIsDiagnosedSoon) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_};
  std::vector<std::uint32_t> numbers = {4};
  for (std::uint32_t n = 20; n < 60; ++n) {
    task_.runs[n] = {crash_};
    numbers.push_back(n);
  }
  const MeasuredBatch batch = Measure(numbers);
  EXPECT_THAT(batch.status.message(), HasSubstr("since the best one so far stopped working"));
  EXPECT_LE(batch.measurements.size(), 11U);
  EXPECT_TRUE(demotions_.empty());
}

TEST_F(DeviceRunnerTest, AWrongResultIsNotSuspicious) {
  task_.runs[7] = {ScriptedTask::Fails(Outcome::kCorrectness, "wrong")};
  EXPECT_EQ(Measure({4, 7}).measurements[1].outcome(), Outcome::kCorrectness);
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 7));
}

TEST_F(DeviceRunnerTest, WithoutAKnownGoodConfigThereIsNoProbe) {
  task_.runs[7] = {crash_};
  EXPECT_EQ(Measure({7}).measurements[0].outcome(), Outcome::kRuntime);
  EXPECT_THAT(task_.log, ElementsAre(7));
}

TEST_F(DeviceRunnerTest, WhoRunsPastTheLimitThatFollowsTheBestRunIsSlowAndHasNotFailed) {
  rules_.times_best = 8;
  rules_.failures_alike = 1;
  task_.runs[7] = {ScriptedTask::Fails(Outcome::kTimeout, "ran past its limit of 2 s")};
  task_.walls[7] = 2;
  const MeasuredBatch batch = Measure({4, 7});
  EXPECT_TRUE(batch.status.ok());
  EXPECT_THAT(task_.limits, ElementsAre(60, 60, 2, 60)) << "a probe gets all the time there is";
  ASSERT_EQ(batch.measurements.size(), 2U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kSlow);
  EXPECT_EQ(batch.measurements[1].slower_than_s, 8 * 4);
  EXPECT_FALSE(batch.measurements[1].failure);
  EXPECT_TRUE(batch.measurements[1].seconds.empty());
}

TEST_F(DeviceRunnerTest, TheAbsoluteLimitAndTheTargetsOwnAreTimeouts) {
  task_.runs[6] = {ScriptedTask::Fails(Outcome::kTimeout, "ran past 60 s")};
  task_.runs[7] = {ScriptedTask::Fails(Outcome::kTimeout, "its file says 1 s")};
  task_.walls[6] = 60;
  task_.walls[7] = 1;
  const MeasuredBatch batch = Measure({6, 4, 7});
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[0].outcome(), Outcome::kTimeout) << "nothing was correct yet";
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kTimeout) << "the limit was 2.5 s";
}

TEST_F(DeviceRunnerTest, ALaterRunThatIsSlowMakesItSlow) {
  task_.given.times_are_exact = false;
  task_.walls[5] = 2.5;
  task_.runs[5] = {ScriptedTask::Correct(1), ScriptedTask::Fails(Outcome::kTimeout, "slow")};
  const MeasuredBatch batch = Measure({4, 5});
  ASSERT_EQ(batch.measurements.size(), 2U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kSlow);
  EXPECT_EQ(batch.measurements[1].slower_than_s, 40);
}

TEST_F(DeviceRunnerTest, WhoFailsItsSecondRunWasNeverTheBest) {
  for (const bool exact : {true, false}) {
    SCOPED_TRACE(exact);
    task_.given.times_are_exact = exact;
    task_.runs[1] = {ScriptedTask::Correct(1), crash_};
    task_.runs[7] = {crash_};
    const MeasuredBatch batch = Measure({1, 5, 7, 6});
    EXPECT_TRUE(batch.status.ok()) << batch.status.message();
    ASSERT_EQ(batch.measurements.size(), 4U);
    EXPECT_EQ(batch.measurements[0].outcome(), Outcome::kRuntime);
    EXPECT_EQ(batch.measurements[0].failure->reason, "crashed; an earlier run of it was correct");
    EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kCorrect);
    EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kRuntime);
    EXPECT_EQ(batch.measurements[3].outcome(), Outcome::kCorrect);
    EXPECT_EQ(std::count(task_.log.begin(), task_.log.end(), 1), 2) << "it is no probe";
    task_.log.clear();
  }
}

TEST_F(DeviceRunnerTest, WhoIsWrongInItsSecondRunLimitsNobody) {
  task_.given.times_are_exact = false;
  task_.runs[1] = {ScriptedTask::Correct(1), ScriptedTask::Fails(Outcome::kCorrectness, "wrong")};
  const MeasuredBatch batch = Measure({1, 5});
  EXPECT_EQ(batch.measurements[0].outcome(), Outcome::kCorrectness);
  EXPECT_EQ(std::count(task_.limits.begin(), task_.limits.end(), 60),
            static_cast<std::ptrdiff_t>(task_.limits.size()));
}

TEST_F(DeviceRunnerTest, ABestOneThatNoLongerRunsWhereAnotherDoesIsTakenBack) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4), crash_};
  task_.runs[7] = {crash_};
  task_.walls[4] = 0.125;
  const MeasuredBatch batch = Measure({5, 4, 7, 6});
  EXPECT_TRUE(batch.status.ok()) << batch.status.message();
  ASSERT_EQ(batch.measurements.size(), 4U);
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kRuntime);
  EXPECT_THAT(task_.log, ElementsAre(5, 5, 4, 4, 7, 4, 4, 4, 4, 5, 7, 5, 6))
      << "three tries, another build of it, and then the next best";
  EXPECT_EQ(task_.limits.back(), 2.5) << "ten times what 5 took, not 4";
  ASSERT_EQ(demotions_.size(), 1U);
  EXPECT_EQ(demotions_[0].config, Config{{4}});
  EXPECT_EQ(ToString(demotions_[0].failure),
            "run.x: was correct, and failed when it was run again: crashed");
}

TEST_F(DeviceRunnerTest, ABestOneWhoseProgramIsWornOutIsBuiltAgain) {
  task_.lives[4] = 2;
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({4, 7, 8});
  EXPECT_TRUE(batch.status.ok()) << batch.status.message();
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[1].failure->reason, "crashed");
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 7, 4, 4, 4, 4, 7, 4, 8));
  EXPECT_TRUE(demotions_.empty());
}

TEST_F(DeviceRunnerTest, WhatRanOnceOnlySaysNothingAboutTheDevice) {
  task_.given.times_are_exact = false;
  repeats_.warm_ups = 0;
  repeats_.most_repeats = 1;
  task_.runs[4] = {ScriptedTask::Correct(4), crash_};
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({4, 7, 8});
  EXPECT_TRUE(batch.status.ok()) << batch.status.message();
  ASSERT_EQ(batch.measurements.size(), 3U);
  EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kRuntime);
  EXPECT_EQ(batch.measurements[2].outcome(), Outcome::kCorrect);
  EXPECT_TRUE(demotions_.empty()) << "nothing has run after 8";
}

TEST_F(DeviceRunnerTest, WhatRanOnceIsTriedAgainOnceSomethingElseRuns) {
  task_.given.times_are_exact = false;
  repeats_.warm_ups = 0;
  repeats_.most_repeats = 1;
  for (const bool recovers : {false, true}) {
    SCOPED_TRACE(recovers);
    task_.runs[4] = {ScriptedTask::Correct(4), crash_, crash_, crash_, crash_};
    task_.runs[4].push_back(recovers ? ScriptedTask::Correct(4) : crash_);
    task_.runs[7] = {crash_};
    const MeasuredBatch batch = Measure({4, 7, 8, 9});
    EXPECT_TRUE(batch.status.ok()) << batch.status.message();
    ASSERT_EQ(demotions_.size(), recovers ? 0U : 1U);
    for (const Demotion& demotion : demotions_) EXPECT_EQ(demotion.config, Config{{4}});
  }
}

TEST_F(DeviceRunnerTest, TimesThatNoRunTakesAreAFailure) {
  for (const double seconds : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    task_.runs[5] = {ScriptedTask::Correct(seconds)};
    const MeasuredBatch batch = Measure({5, 4});
    ASSERT_EQ(batch.measurements.size(), 2U);
    EXPECT_EQ(batch.measurements[0].outcome(), Outcome::kRuntime);
    EXPECT_EQ(batch.measurements[0].failure->stage, "run.result");
    EXPECT_EQ(batch.measurements[1].outcome(), Outcome::kCorrect);
  }
}

TEST_F(DeviceRunnerTest, AnInterruptOfAProbeIsNoVerdictOnDeviceOrCandidate) {
  task_.runs[4] = {ScriptedTask::Correct(4), ScriptedTask::Correct(4),
                   ScriptedTask::Gone(Status::Cancelled("interrupted"))};
  task_.runs[7] = {crash_};
  const MeasuredBatch batch = Measure({4, 7, 8});
  EXPECT_EQ(batch.measurements.size(), 1U);
  EXPECT_EQ(batch.status, Status::Cancelled("interrupted"));
  EXPECT_THAT(task_.log, ElementsAre(4, 4, 7, 4)) << "it is not tried again";
}

TEST_F(DeviceRunnerTest, LooksAtTheBestNowAndThenToTellHowSteadyTheDeviceIs) {
  task_.given.times_are_exact = false;
  repeats_.warm_ups = 0;
  repeats_.most_repeats = 1;
  task_.runs[1] = {ScriptedTask::Correct(1)};
  for (int i = 0; i < 12; ++i) task_.runs[1].push_back(ScriptedTask::Correct(i % 2 == 0 ? 1 : 1.5));
  std::vector<Config> configs;
  for (std::uint32_t n = 1; n < 280; ++n) configs.push_back(Config{{n}});
  const auto runner = MakeDeviceRunner(task_, {600, true}, rules_, repeats_, 1, env_);
  const MeasuredBatch batch = runner->Measure(configs, [] { return false; });
  ASSERT_EQ(batch.measurements.size(), configs.size()) << batch.status.message();
  EXPECT_EQ(std::count(task_.log.begin(), task_.log.end(), 1), 1 + 279 / 25);
  EXPECT_EQ(batch.measurements[24].run_seconds, 0.25)
      << "the look is not charged to who ran before";
  ASSERT_TRUE(runner->steadiness().has_value());
  EXPECT_EQ(runner->steadiness()->runs, 12U);
  EXPECT_TRUE(runner->steadiness()->is_noisy());

  rules_.probe = false;
  task_.log.clear();
  MakeDeviceRunner(task_, {600, true}, rules_, repeats_, 1, env_)->Measure(configs, [] {
    return false;
  });
  EXPECT_EQ(std::count(task_.log.begin(), task_.log.end(), 1), 1);
}

TEST_F(DeviceRunnerTest, ARowOfFailuresAlikeEndsWithADiagnosis) {
  rules_.failures_alike = 3;
  for (std::int64_t n = 1; n < 9; ++n) task_.runs[n] = {crash_};
  const MeasuredBatch batch = Measure({1, 2, 3, 4});
  EXPECT_EQ(batch.measurements.size(), 2U);
  EXPECT_THAT(batch.status.message(), HasSubstr("the last 3 candidates failed alike"));
  EXPECT_THAT(batch.status.message(), HasSubstr("run.x: crashed"));
}

}  // namespace
}  // namespace foothold::measure
