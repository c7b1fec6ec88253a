#include "measure/run_time_limit.h"

#include <gtest/gtest.h>

namespace foothold {
namespace {

TEST(RunTimeLimit, IsAbsoluteUntilSomethingIsCorrect) {
  RunTimeLimit limit(60, 10);
  EXPECT_EQ(limit.seconds(), 60);
  EXPECT_FALSE(limit.is_relative());
  limit.Observe(0.001, 2);
  EXPECT_EQ(limit.seconds(), 20);
  EXPECT_TRUE(limit.is_relative());
}

TEST(RunTimeLimit, FollowsTheRunOfTheFastestCandidate) {
  RunTimeLimit limit(60, 10);
  limit.Observe(0.002, 2);
  limit.Observe(0.001, 3);  // faster, though its run took longer
  EXPECT_EQ(limit.seconds(), 30);
  limit.Observe(0.001, 0.2);  // not faster
  EXPECT_EQ(limit.seconds(), 30);
}

TEST(RunTimeLimit, LeavesTimeToStartAProcessAndNeverExceedsTheAbsoluteLimit) {
  RunTimeLimit limit(60, 10);
  limit.Observe(2, 30);
  EXPECT_EQ(limit.seconds(), 60);
  EXPECT_FALSE(limit.is_relative());
  limit.Observe(1, 0.001);
  EXPECT_EQ(limit.seconds(), RunTimeLimit::kLeastSeconds);
  RunTimeLimit short_limit(0.5, 10);
  short_limit.Observe(1, 0.001);
  EXPECT_EQ(short_limit.seconds(), 0.5);
}

TEST(RunTimeLimit, AnInfiniteFactorTurnsItOff) {
  RunTimeLimit limit(60, std::numeric_limits<double>::infinity());
  limit.Observe(1, 0.001);
  EXPECT_EQ(limit.seconds(), 60);
}

}  // namespace
}  // namespace foothold
