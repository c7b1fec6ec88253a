#include "report/page/trial_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/page/testing.h"

namespace foothold::report {
namespace {

std::vector<std::uint64_t> Sampled(const RunLog& run, std::size_t limit) {
  std::vector<std::uint64_t> trials;
  for (const SampledTrial& sampled : SampleTrials({&run}, limit)) {
    trials.push_back(sampled.trial->trial);
  }
  return trials;
}

TEST(SampleTrials, TakesAllWhereTheyFit) {
  RunLog run = testing::EmptyRun();
  for (int i = 0; i < 5; ++i) testing::AddFailed(run, {{0, 0, 0}}, "no");
  EXPECT_EQ(Sampled(run, 5).size(), 5U);
}

TEST(SampleTrials, KeepsTheFastestAndTakesTheOthersEvenly) {
  RunLog run = testing::EmptyRun();
  for (int i = 0; i < 100; ++i) {
    if (i == 51) testing::AddCorrect(run, {{0, 0, 0}}, 1);
    if (i == 77) testing::AddCorrect(run, {{0, 0, 0}}, 2);
    if (i % 10 == 5) testing::AddCorrect(run, {{0, 0, 0}}, 10);
    testing::AddFailed(run, {{0, 0, 0}}, "no");
  }
  const auto sampled = Sampled(run, 8);
  ASSERT_EQ(sampled.size(), 8U);
  EXPECT_TRUE(std::is_sorted(sampled.begin(), sampled.end()));
  std::size_t fastest = 0;
  for (const std::uint64_t trial : sampled) {
    const Measurement& measurement = run.trials[trial].measurement;
    fastest +=
        measurement.outcome() == Outcome::kCorrect && measurement.MedianSeconds() <= 2 ? 1 : 0;
  }
  EXPECT_EQ(fastest, 2U);
  EXPECT_LT(sampled[1], 40U) << "early trials are there too";
}

TEST(SampleTrials, OfNoneIsNone) {
  RunLog run = testing::EmptyRun();
  testing::AddFailed(run, {{0, 0, 0}}, "no");
  EXPECT_TRUE(Sampled(run, 0).empty());
}

}  // namespace
}  // namespace foothold::report
