#include "foothold/target.h"

#include <gtest/gtest.h>

namespace foothold::target {
namespace {

TEST(Outcome, NamesAndNumbersAreThoseOnDisk) {
  const std::vector<std::pair<int, std::string>> on_disk = {{0, "constraints"}, {1, "compile"},
                                                            {2, "runtime"},     {3, "timeout"},
                                                            {4, "correctness"}, {5, "correct"}};
  for (const auto& [number, name] : on_disk) {
    EXPECT_EQ(ToString(static_cast<Outcome>(number)), name);
    const Result<Outcome> parsed = ParseOutcome(name);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(static_cast<int>(*parsed), number);
  }
}

TEST(Outcome, SlowIsNoFailureAndNoWordOfT4) {
  EXPECT_EQ(ToString(Outcome::kSlow), "slow");
  EXPECT_EQ(static_cast<int>(Outcome::kSlow), 6) << "as on disk";
  EXPECT_FALSE(ParseOutcome("slow").ok());
  for (int number = 0; number < 7; ++number) {
    const auto outcome = static_cast<Outcome>(number);
    EXPECT_EQ(IsFailure(outcome), outcome != Outcome::kCorrect && outcome != Outcome::kSlow);
  }
}

TEST(Outcome, UnknownNameListsTheKnownOnes) {
  const Result<Outcome> parsed = ParseOutcome("Correct");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(parsed.status().message(),
            "unknown outcome \"Correct\"; the outcomes are constraints, compile, runtime, timeout, "
            "correctness, correct");
  EXPECT_FALSE(ParseOutcome("").ok());
}

TEST(Measurement, FigureOfMeritIsTheMedianOfTheRunsMedians) {
  Measurement measurement;
  measurement.seconds = {1.0, 2.0, 6.0};
  EXPECT_EQ(measurement.RunSeconds(), (std::vector<double>{2}));
  EXPECT_EQ(measurement.MedianSeconds(), 2);
  measurement.times_per_run = {1, 1, 1};
  EXPECT_EQ(measurement.RunSeconds(), measurement.seconds);
  measurement.seconds = {1, 1, 1, 1, 1, 8, 9, 7, 3};
  measurement.times_per_run = {5, 2, 2};
  EXPECT_EQ(measurement.RunSeconds(), (std::vector<double>{1, 8.5, 5}));
  EXPECT_EQ(measurement.MedianSeconds(), 5) << "a run counts once, however many times it gave";
}

TEST(MeasurementDeathTest, AFailedTrialHasNoTime) {
  Measurement measurement;
  measurement.failure = {Outcome::kCompile, "lower", "too large"};
  EXPECT_DEATH((void)measurement.MedianSeconds(), "only a correct measurement has a time");
}

}  // namespace
}  // namespace foothold::target
