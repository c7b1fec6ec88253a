#include "core/target/reported_values.h"

#include <gtest/gtest.h>

#include <limits>

namespace foothold::target {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RunResult Reports(std::vector<double> seconds, Metrics metrics = {}) {
  RunResult run;
  run.seconds = std::move(seconds);
  run.metrics = std::move(metrics);
  return run;
}

TEST(ReportedValues, AnyFinitePositiveTimeIsPossible) {
  const std::vector<double> times = {std::numeric_limits<double>::denorm_min(), 1e-310, 1,
                                     std::numeric_limits<double>::max()};
  const RunResult run = WithPossibleValues(Reports(times, {{"x", -1}}));
  EXPECT_EQ(run.outcome(), Outcome::kCorrect);
  EXPECT_EQ(run.seconds, times);
  EXPECT_EQ(run.metrics, (Metrics{{"x", -1}}));
}

TEST(ReportedValues, AnyOtherTimeIsTheCandidatesFailure) {
  for (const double time : {0.0, -0.0, -1.0, kNan, kInfinity, -kInfinity}) {
    const RunResult run = WithPossibleValues(Reports({1, time}));
    EXPECT_EQ(run.outcome(), Outcome::kRuntime) << time;
    EXPECT_EQ(run.failure->outcome, Outcome::kRuntime);
    EXPECT_EQ(run.failure->stage, "run.result");
    EXPECT_TRUE(run.seconds.empty());
  }
  EXPECT_EQ(WithPossibleValues(Reports({-2})).failure->reason,
            "reported a time of -2 s, must be a finite number above 0");
  EXPECT_EQ(WithPossibleValues(Reports({})).failure->reason, "reported no time, must report one");
}

TEST(ReportedValues, AMetricThatIsNotFiniteIsTheCandidatesFailure) {
  const RunResult run = WithPossibleValues(Reports({1}, {{"a", 1}, {"b", kNan}}));
  EXPECT_EQ(run.outcome(), Outcome::kRuntime);
  EXPECT_EQ(run.failure->reason, "reported nan for the metric b, must be finite");
  EXPECT_EQ(run.metrics, (Metrics{{"a", 1}})) << "the others can be logged";
}

TEST(ReportedValues, WhatFailedKeepsItsOwnReason) {
  RunResult failed = Reports({}, {{"b", kInfinity}});
  failed.failure = {Outcome::kTimeout, "run.timeout", "too slow"};
  const RunResult run = WithPossibleValues(failed);
  EXPECT_EQ(run.failure->reason, "too slow");
  EXPECT_TRUE(run.metrics.empty());
}

TEST(ReportedValues, AFailureOfTheInfrastructureIsLeftAlone) {
  RunResult gone;
  gone.status = Status::Unavailable("away");
  EXPECT_EQ(WithPossibleValues(gone).status, gone.status);
}

}  // namespace
}  // namespace foothold::target
