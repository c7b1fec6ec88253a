#include "measure/in_process_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>

#include "measure/testing/formula_task.h"
#include "process/testing/fault_env.h"

namespace foothold::measure {
namespace {

using ::testing::HasSubstr;

std::vector<Config> FirstConfigs(const Space& space, std::uint64_t count) {
  std::vector<Config> configs;
  for (std::uint64_t i = 0; i < count; ++i) configs.push_back(space.AtIndex(i));
  return configs;
}

bool Never() { return false; }

Measurement MeasureOne(const FormulaTask& task, const Config& config, RunOptions options = {}) {
  MeasuredBatch batch = MakeInProcessRunner(task, options, 1, *Env::Default())
                            ->Measure(std::vector<Config>{config}, Never);
  EXPECT_TRUE(batch.status.ok()) << batch.status.message();
  EXPECT_EQ(batch.measurements.size(), 1u);
  return batch.measurements.at(0);
}

Config Values(const FormulaTask& task, std::int64_t x, std::int64_t y, std::int64_t z,
              std::int64_t w) {
  return task.space().FromValues(std::vector<std::int64_t>{x, y, z, w}).value();
}

TEST(InProcessRunner, TheTiersAreTriedInOrder) {
  const FormulaTask task;
  Measurement m = MeasureOne(task, Values(task, 1, 1, 1, 1));
  EXPECT_EQ(m.outcome(), Outcome::kConstraints);
  EXPECT_EQ(m.failure->stage, "constraints");
  EXPECT_EQ(m.failure->reason, "x + w is at least 3");
  EXPECT_TRUE(m.metrics.empty());

  m = MeasureOne(task, Values(task, 10, 8, 1, 1));
  EXPECT_EQ(m.outcome(), Outcome::kCompile);
  EXPECT_EQ(m.failure->stage, "formula.area");
  EXPECT_EQ(m.failure->reason, "area 80 exceeds 40");

  m = MeasureOne(task, Values(task, 5, 4, 4, 1));
  EXPECT_EQ(m.outcome(), Outcome::kRuntime);
  EXPECT_EQ(m.metrics, (Metrics{{"area", 20}}));  // a failed run keeps what the build told

  m = MeasureOne(task, Values(task, 5, 4, 3, 1));
  EXPECT_EQ(m.outcome(), Outcome::kCorrectness);
  EXPECT_TRUE(m.seconds.empty());

  m = MeasureOne(task, Values(task, 5, 4, 6, 1));
  EXPECT_EQ(m.outcome(), Outcome::kCorrect);
  EXPECT_FALSE(m.failure);
  EXPECT_DOUBLE_EQ(m.MedianSeconds(), 4.5e-6);
  EXPECT_EQ(m.metrics, (Metrics{{"area", 20}, {"cycles", 4500}}));
}

TEST(InProcessRunner, RunOptionsReachTheTarget) {
  const FormulaTask task;
  EXPECT_EQ(MeasureOne(task, Values(task, 5, 4, 6, 1), {3e-6, true}).outcome(), Outcome::kTimeout);
  EXPECT_EQ(MeasureOne(task, Values(task, 5, 4, 3, 1), {60, false}).outcome(), Outcome::kCorrect);
}

TEST(InProcessRunner, MeasurementsAreThoseOfTheConfigsWhateverTheThreads) {
  const FormulaTask task;
  const std::vector<Config> configs = FirstConfigs(task.space(), task.space().raw_size());
  std::map<Outcome, int> outcomes;
  std::vector<Measurement> alone;
  for (const Config& config : configs) {
    alone.push_back(MeasureOne(task, config));
    ++outcomes[alone.back().outcome()];
  }
  EXPECT_EQ(outcomes.size(), 5u) << "all outcomes but timeout should occur";
  for (const int jobs : {1, 2, 5}) {
    const std::unique_ptr<Runner> runner = MakeInProcessRunner(task, {}, jobs, *Env::Default());
    EXPECT_EQ(runner->parallelism(), static_cast<std::size_t>(jobs));
    const MeasuredBatch batch = runner->Measure(configs, Never);
    EXPECT_TRUE(batch.status.ok());
    ASSERT_EQ(batch.measurements.size(), configs.size());
    for (std::size_t i = 0; i < configs.size(); ++i) {
      EXPECT_EQ(batch.measurements[i].config, configs[i]);
      EXPECT_EQ(batch.measurements[i].outcome(), alone[i].outcome());
      EXPECT_EQ(batch.measurements[i].failure, alone[i].failure);
      EXPECT_EQ(batch.measurements[i].seconds, alone[i].seconds);
      EXPECT_EQ(batch.measurements[i].metrics, alone[i].metrics);
    }
  }
}

TEST(InProcessRunner, ZeroJobsMeansOnePerCore) {
  const FormulaTask task;
  EXPECT_GE(MakeInProcessRunner(task, {}, 0, *Env::Default())->parallelism(), 1u);
}

TEST(InProcessRunner, ChargesEachTierItsWallTime) {
  FormulaTask task;
  process::FaultEnv env(Env::Default());
  env.StopClocks(1'000, 50);
  task.on_build = [&](const Config&) { env.AdvanceClocks(0.25); };
  task.on_run = [&](const Config&) { env.AdvanceClocks(2); };
  const MeasuredBatch batch =
      MakeInProcessRunner(task, {}, 1, env)
          ->Measure(std::vector<Config>{Values(task, 1, 1, 1, 1), Values(task, 10, 8, 1, 1),
                                        Values(task, 5, 4, 6, 1)},
                    Never);
  EXPECT_EQ(batch.measurements[0].build_seconds, 0);
  EXPECT_EQ(batch.measurements[0].run_seconds, 0);
  EXPECT_EQ(batch.measurements[1].build_seconds, 0.25);
  EXPECT_EQ(batch.measurements[1].run_seconds, 0);
  EXPECT_EQ(batch.measurements[2].build_seconds, 0.25);
  EXPECT_EQ(batch.measurements[2].run_seconds, 2);
}

TEST(InProcessRunner, BuildsWithoutRunningAndAgreesWithMeasurements) {
  FormulaTask task;
  task.on_run = [](const Config&) { FAIL() << "nothing should be run"; };
  const std::vector<Config> configs = FirstConfigs(task.space(), task.space().raw_size());
  const BuiltBatch built = MakeInProcessRunner(task, {}, 3, *Env::Default())->Build(configs, Never);
  ASSERT_TRUE(built.status.ok());
  ASSERT_EQ(built.reports.size(), configs.size());
  task.on_run = nullptr;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const BuildReport& report = built.reports[i];
    const Measurement measured = MeasureOne(task, configs[i]);
    EXPECT_EQ(report.config, configs[i]);
    EXPECT_EQ(report.ok(), measured.outcome() > Outcome::kCompile);
    if (report.ok()) {
      EXPECT_EQ(report.metrics.at("area"), measured.metrics.at("area"));
      continue;
    }
    EXPECT_EQ(report.failure, measured.failure);
  }
}

TEST(InProcessRunner, StopsBetweenCandidates) {
  FormulaTask task;
  std::atomic<int> built = 0;
  task.on_build = [&](const Config&) { ++built; };
  const std::vector<Config> configs = FirstConfigs(task.space(), 400);
  for (const int jobs : {1, 3}) {
    built = 0;
    const MeasuredBatch batch =
        MakeInProcessRunner(task, {}, jobs, *Env::Default())->Measure(configs, [&] {
          return built >= 10;
        });
    EXPECT_TRUE(batch.status.ok());
    // What was begun is finished.
    const std::size_t done = batch.measurements.size();
    EXPECT_LT(done, configs.size());
    int built_of_done = 0;
    for (std::size_t i = 0; i < done; ++i) {
      EXPECT_EQ(batch.measurements[i].config, configs[i]);
      if (batch.measurements[i].outcome() != Outcome::kConstraints) ++built_of_done;
    }
    EXPECT_EQ(built_of_done, built);
    EXPECT_GE(built_of_done, 10);
  }
}

TEST(InProcessRunner, MeasuresNothingWhenTheStopCameFirst) {
  const FormulaTask task;
  const MeasuredBatch batch =
      MakeInProcessRunner(task, {}, 2, *Env::Default())->Measure(FirstConfigs(task.space(), 4), [] {
        return true;
      });
  EXPECT_TRUE(batch.status.ok());
  EXPECT_TRUE(batch.measurements.empty());
}

TEST(InProcessRunner, AnExceptionIsAStatusAndSaysNothingAboutTheConfig) {
  FormulaTask task;
  const Config culprit = Values(task, 5, 4, 6, 1);
  task.on_run = [&](const Config& config) {
    if (config == culprit) throw std::runtime_error("out of imagination");
  };
  const std::vector<Config> configs = {Values(task, 5, 4, 7, 2), culprit};
  for (const int jobs : {1, 2}) {
    const MeasuredBatch batch =
        MakeInProcessRunner(task, {}, jobs, *Env::Default())->Measure(configs, Never);
    EXPECT_EQ(batch.status.code(), StatusCode::kUnavailable);
    EXPECT_THAT(batch.status.message(), HasSubstr("x=5 y=4 z=6 w=1"));
    EXPECT_THAT(batch.status.message(), HasSubstr("out of imagination"));
    EXPECT_LE(batch.measurements.size(), 1u);
  }
}

TEST(InProcessRunner, AnExceptionThatIsNoStdExceptionIsCaughtToo) {
  FormulaTask task;
  task.on_build = [](const Config&) { throw 42; };
  const MeasuredBatch batch = MakeInProcessRunner(task, {}, 2, *Env::Default())
                                  ->Measure(FirstConfigs(task.space(), 40), Never);
  EXPECT_EQ(batch.status.code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace foothold::measure
