#include "measure/replay_runner.h"

#include <gtest/gtest.h>

#include "measure/testing/formula_task.h"

namespace foothold {
namespace {

class ReplayRunnerTest : public testing::Test {
 protected:
  ReplayRunnerTest() {
    for (std::uint64_t i = 0; i < 10; ++i) {
      Measurement measurement;
      measurement.config = task_.space().AtIndex(i);
      measurement.outcome = Outcome::kCorrect;
      measurement.seconds = {1.0 + static_cast<double>(i)};
      recorded_[measurement.config] = measurement;
    }
  }
  std::vector<Config> Configs(std::vector<std::uint64_t> indices) const {
    std::vector<Config> configs;
    for (const std::uint64_t index : indices) configs.push_back(task_.space().AtIndex(index));
    return configs;
  }

  FormulaTask task_;
  std::map<Config, Measurement> recorded_;
};

TEST_F(ReplayRunnerTest, AnswersWithWhatWasRecorded) {
  const std::unique_ptr<Runner> runner = MakeReplayRunner(task_.space(), recorded_);
  const std::vector<Config> configs = Configs({7, 2, 9});
  const MeasuredBatch batch = runner->Measure(configs, [] { return false; });
  EXPECT_TRUE(batch.status.ok());
  ASSERT_EQ(batch.measurements.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(batch.measurements[i].config, configs[i]);
  EXPECT_EQ(batch.measurements[1].seconds, std::vector<double>{3.0});
}

TEST_F(ReplayRunnerTest, AConfigThatWasNotRecordedEndsTheBatch) {
  const std::unique_ptr<Runner> runner = MakeReplayRunner(task_.space(), recorded_);
  const MeasuredBatch batch = runner->Measure(Configs({3, 40, 4}), [] { return false; });
  EXPECT_EQ(batch.status.code(), StatusCode::kNotFound);
  EXPECT_EQ(batch.status.message(), "the recorded space has no measurement of " +
                                        task_.space().ToString(task_.space().AtIndex(40)));
  EXPECT_EQ(batch.measurements.size(), 1u);
}

TEST_F(ReplayRunnerTest, Stops) {
  const std::unique_ptr<Runner> runner = MakeReplayRunner(task_.space(), recorded_);
  int asked = 0;
  const MeasuredBatch batch = runner->Measure(Configs({0, 1, 2}), [&] { return ++asked > 2; });
  EXPECT_TRUE(batch.status.ok());
  EXPECT_EQ(batch.measurements.size(), 2u);
}

}  // namespace
}  // namespace foothold
