#include "measure/run_time_limit.h"

#include <gtest/gtest.h>

#include <limits>

namespace foothold::measure {
namespace {

Accepted Best(double seconds, double wall_seconds) {
  return {Config{{0}}, nullptr, {seconds}, wall_seconds, 1};
}

TEST(RunTimeLimit, IsAbsoluteUntilSomethingIsAccepted) {
  const RunTimeLimit limit(60, 10);
  EXPECT_EQ(limit.Seconds(nullptr), 60);
  EXPECT_FALSE(limit.SlowerThan(nullptr).has_value());
}

TEST(RunTimeLimit, FollowsTheRunOfTheBest) {
  const RunTimeLimit limit(60, 10);
  const Accepted best = Best(0.5, 2);
  EXPECT_EQ(limit.Seconds(&best), 20);
  EXPECT_EQ(limit.SlowerThan(&best), 5) << "ten times the best one's time";
}

TEST(RunTimeLimit, LeavesTimeToStartAProcess) {
  const RunTimeLimit limit(60, 10);
  const Accepted best = Best(1e-3, 0.0625);
  EXPECT_EQ(limit.Seconds(&best), RunTimeLimit::kLeastSeconds);
  EXPECT_EQ(limit.SlowerThan(&best), 1e-3 * 16) << "16 times what the best one's run took";
}

TEST(RunTimeLimit, TheAbsoluteOneSaysNothingAboutTheBest) {
  const RunTimeLimit limit(60, 10);
  const Accepted slow = Best(2, 30);
  EXPECT_EQ(limit.Seconds(&slow), 60);
  EXPECT_FALSE(limit.SlowerThan(&slow).has_value());
  const RunTimeLimit short_limit(0.5, 10);
  const Accepted best = Best(1, 0.001);
  EXPECT_EQ(short_limit.Seconds(&best), 0.5);
  EXPECT_FALSE(short_limit.SlowerThan(&best).has_value());
}

TEST(RunTimeLimit, AnInfiniteFactorTurnsItOff) {
  const RunTimeLimit limit(60, std::numeric_limits<double>::infinity());
  const Accepted best = Best(1, 0.001);
  EXPECT_EQ(limit.Seconds(&best), 60);
}

TEST(RunTimeLimit, TheBoundIsFiniteHoweverLongTheBestTakes) {
  const RunTimeLimit limit(60, 10);
  const Accepted best = Best(1e308, 0.01);
  EXPECT_EQ(limit.SlowerThan(&best), std::numeric_limits<double>::max());
  const Accepted least = Best(std::numeric_limits<double>::denorm_min(), 2);
  EXPECT_GT(limit.SlowerThan(&least).value(), 0);
}

}  // namespace
}  // namespace foothold::measure
