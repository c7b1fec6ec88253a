#include "report/page/ranking.h"

#include <gtest/gtest.h>

#include "report/page/testing.h"

namespace foothold::report {
namespace {

TEST(RankTrials, IsByTimeOverAllRunsAndLeavesOutFailures) {
  RunLog first = testing::EmptyRun();
  testing::AddCorrect(first, {{0, 0, 0}}, 3);
  testing::AddFailed(first, {{1, 0, 0}}, "no");
  RunLog second = testing::EmptyRun();
  testing::AddCorrect(second, {{2, 0, 0}}, 1);
  testing::AddCorrect(second, {{0, 0, 0}}, 2);

  const auto ranked = RankTrials({&first, &second});
  ASSERT_EQ(ranked.size(), 3U);
  EXPECT_EQ(ranked[0].run, &second);
  EXPECT_EQ(ranked[0].order, 1);
  EXPECT_EQ(ranked[2].order, 3);

  const auto fastest = Fastest(ranked, 5);
  ASSERT_EQ(fastest.size(), 2U) << "the config that two runs measured counts once";
  EXPECT_EQ(fastest[1]->order, 2);
  EXPECT_EQ(Fastest(ranked, 1).size(), 1U);
}

TEST(RankTrials, LetsTheFinalHaveTheLastWord) {
  RunLog run = testing::EmptyRun();
  testing::AddCorrect(run, {{0, 0, 0}}, 1);  // lucky: the final tells it apart as slower
  testing::AddCorrect(run, {{1, 0, 0}}, 2);
  run.finals.push_back({2, {{1, true, {2.5, 2.5, 2.5}}, {0, false, {3, 3, 3}}}, 0});

  const auto ranked = RankTrials({&run});
  ASSERT_EQ(ranked.size(), 2U);
  EXPECT_EQ(ranked[0].measurement.config, (Config{{1, 0, 0}}));
  EXPECT_EQ(ranked[0].measurement.MedianSeconds(), 2.5);
  EXPECT_EQ(ranked[1].order, 2.5);
}

}  // namespace
}  // namespace foothold::report
