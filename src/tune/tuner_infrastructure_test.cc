// What builds or runs candidates fails: for all of them, or for one alone. And signals that end the
// run while one of them is under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "base/signal_sender.h"
#include "foothold/searchers.h"
#include "measure/task_over_task.h"
#include "tune/testing/tuning.h"

namespace foothold::tune {
namespace {

using ::testing::HasSubstr;

/// The formula, on a device that can be away.
class FlakyTask : public measure::TaskOverTask {
 public:
  explicit FlakyTask(const TargetTask& formula) : TaskOverTask(formula) {}

  /// What is in the way of a config's run or build; ok: nothing is.
  mutable std::function<Status(const Config&)> on_run = [](const Config&) { return Status(); };
  mutable std::function<Status(const Config&)> on_build = [](const Config&) { return Status(); };
  mutable std::vector<Config> runs;

  BuildResult Build(const Config& config) const override {
    BuildResult built;
    built.status = on_build(config);
    if (!built.status.ok()) return built;
    built = task().Build(config);
    if (built.ok()) {
      built.program = std::make_unique<FlakyProgram>(config, std::move(built.program));
    }
    return built;
  }
  RunResult Run(const Program& program, const RunOptions& options) const override {
    const auto& flaky = dynamic_cast<const FlakyProgram&>(program);
    runs.push_back(flaky.config);
    RunResult run;
    run.status = on_run(flaky.config);
    return run.status.ok() ? task().Run(*flaky.program, options) : run;
  }

 private:
  struct FlakyProgram : Program {
    FlakyProgram(Config its_config, std::unique_ptr<Program> its_program)
        : config(std::move(its_config)), program(std::move(its_program)) {}
    const Metrics& metrics() const override { return program->metrics(); }
    Config config;
    std::unique_ptr<Program> program;
  };
};

class TunerInfrastructureTest : public ::testing::Test {
 protected:
  TunerInfrastructureTest() {
    tuning_.searcher = "random";
    tuning_.options.device.attempts = 1;
    tuning_.options.device.first_pause_s = 0;
    tuning_.interrupt = &interrupt_;
  }
  ~TunerInfrastructureTest() override { base::NoteInterrupt(base::SignalSender::kUser); }

  RunLog Log() const { return MustReadLog(tuning_.log_path).runs.at(0); }

  const Status away_ = Status::Unavailable("the board is away");
  const measure::FormulaTask formula_{/*can_harm_host=*/true};
  const FlakyTask task_{formula_};
  TempDir dir_;
  std::atomic<bool> interrupt_ = false;
  Tuning tuning_{task_, dir_.File("log"), QuickOptions(40)};
};

TEST_F(TunerInfrastructureTest, WhereItFailsForAllTheRunEndsAndOneConfigASessionIsGivenUp) {
  task_.on_run = [this](const Config&) { return away_; };
  EXPECT_EQ(tuning_.Run().status(), away_);
  const std::size_t before = Log().trials.size();  // those that do not build
  ASSERT_EQ(Log().withdrawal_causes.size(), 1U);
  EXPECT_THAT(Log().withdrawal_causes.begin()->second,
              ::testing::ElementsAre(WithdrawalCause::kInfrastructure));

  EXPECT_EQ(tuning_.Run().status(), away_) << "the next one meets it too";
  std::vector<std::string> given_up;
  for (const TrialRecord& trial : Log().trials) {
    const auto& failure = trial.measurement.failure;
    if (failure && failure->stage == "tuner") given_up.push_back(failure->reason);
  }
  EXPECT_THAT(given_up,
              ::testing::ElementsAre("given up: the infrastructure failed 2 times for this config, "
                                     "last: the board is away"));
  EXPECT_GT(Log().trials.size(), before);

  task_.on_run = [](const Config&) { return Status(); };
  const TuneResult result = tuning_.MustRun();
  EXPECT_EQ(result.progress.finished, 40U);
  EXPECT_TRUE(Log().withdrawal_causes.empty());
}

TEST_F(TunerInfrastructureTest, AConfigForWhichItFailsAloneIsGivenUpAndTheRunDoesNotEnd) {
  std::optional<Config> poison;
  task_.on_run = [&](const Config& config) {
    if (!poison) poison = config;  // the first one that runs: nothing is known to be good
    return config == *poison ? away_ : Status();
  };
  const TuneResult result = tuning_.MustRun();
  EXPECT_EQ(result.progress.finished, 40U);
  for (const TrialRecord& trial : Log().trials) {
    if (trial.measurement.config != *poison) {
      if (trial.measurement.failure) {
        EXPECT_THAT(trial.measurement.failure->reason, ::testing::Not(HasSubstr("board")));
      }
      continue;
    }
    EXPECT_EQ(trial.measurement.outcome(), Outcome::kRuntime);
    EXPECT_THAT(trial.measurement.failure->reason, HasSubstr("the board is away"));
  }
  task_.runs.clear();
  EXPECT_EQ(tuning_.MustRun().resumed, 40U);
  EXPECT_TRUE(task_.runs.empty());
}

TEST_F(TunerInfrastructureTest, ABuildForWhichItFailsAloneIsGivenUp) {
  if (!SearchersLeftOut().empty()) GTEST_SKIP() << "this build is without the searcher validity";
  std::optional<Config> poison;
  task_.on_build = [&](const Config& config) {
    if (!poison) poison = config;
    return config == *poison ? away_ : Status();
  };
  tuning_.searcher = "validity";
  const TuneResult result = tuning_.MustRun();
  EXPECT_EQ(result.progress.finished, 40U);
  ASSERT_FALSE(Log().builds.empty());
  for (const BuildRecord& build : Log().builds) {
    if (build.report.config != *poison) continue;
    ASSERT_TRUE(build.report.failure.has_value());
    EXPECT_THAT(build.report.failure->reason, HasSubstr("the board is away"));
  }
}

TEST_F(TunerInfrastructureTest, WhatDoesNotExistIsNoConfigsFault) {
  task_.on_run = [](const Config&) { return Status::NotFound("no such program"); };
  for (int session = 0; session < 3; ++session) {
    EXPECT_EQ(tuning_.Run().status().code(), StatusCode::kNotFound);
    EXPECT_TRUE(Log().withdrawal_causes.empty());
  }
}

TEST_F(TunerInfrastructureTest, ADiagnosisEndsTheRunAtOnce) {
  tuning_.options.device.failures_alike = 3;
  class NoneBuilds : public measure::TaskOverTask {
   public:
    using TaskOverTask::TaskOverTask;
    BuildResult Build(const Config& /*config*/) const override {
      return {nullptr, Failure{Outcome::kCompile, "build.exit", "no compiler"}};
    }
    RunResult Run(const Program& /*program*/, const RunOptions& /*options*/) const override {
      return {};
    }
  };
  const NoneBuilds task{formula_};
  Tuning tuning{task, dir_.File("alike"), tuning_.options};
  tuning.searcher = "random";
  EXPECT_THAT(tuning.Run().status().message(), HasSubstr("failed alike"));
  const RunLog log = MustReadLog(tuning.log_path).runs.at(0);
  EXPECT_LT(log.trials.size(), 3U);
  EXPECT_TRUE(log.withdrawal_causes.empty()) << "it is about all of them";
}

TEST_F(TunerInfrastructureTest, AUsersInterruptBlamesNobodyHoweverOften) {
  task_.on_run = [this](const Config&) {
    base::NoteInterrupt(base::SignalSender::kUser);
    interrupt_ = true;
    return Status::Cancelled("interrupted");
  };
  for (int session = 0; session < 4; ++session) {
    interrupt_ = false;
    EXPECT_EQ(tuning_.MustRun().stop, StopReason::kInterrupted);
    EXPECT_TRUE(Log().withdrawal_causes.empty());
  }
}

TEST_F(TunerInfrastructureTest, ASignalOfWhomNobodyKnowsIsTheConfigsAtTheSecondTime) {
  std::optional<Config> poison;
  task_.on_run = [&](const Config& config) {
    if (!poison) poison = config;
    if (config != *poison) return Status();
    base::NoteInterrupt(base::SignalSender::kGone);
    interrupt_ = true;
    return Status::Cancelled("interrupted");
  };
  for (int session = 0; session < 2; ++session) {
    interrupt_ = false;
    EXPECT_EQ(tuning_.MustRun().stop, StopReason::kInterrupted);
  }
  interrupt_ = false;
  EXPECT_EQ(tuning_.MustRun().progress.finished, 40U);
  EXPECT_EQ(std::count(task_.runs.begin(), task_.runs.end(), *poison), 2);
  for (const TrialRecord& trial : Log().trials) {
    if (trial.measurement.config != *poison) continue;
    EXPECT_EQ(trial.measurement.failure->stage, "tuner");
    EXPECT_THAT(trial.measurement.failure->reason, HasSubstr("by a signal whose sender was gone"));
  }
}

}  // namespace
}  // namespace foothold::tune
