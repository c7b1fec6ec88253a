#include "report/page/failure_counts.h"

#include <gtest/gtest.h>

#include "report/page/testing.h"

namespace foothold::report {
namespace {

TEST(CountFailures, PutsReasonsTogetherThatDifferInNumbersOnly) {
  RunLog run = testing::EmptyRun();
  testing::AddFailed(run, {{0, 0, 0}}, "timeout of 3 s", Outcome::kTimeout);
  testing::AddFailed(run, {{0, 0, 0}}, "needs 52,480 B of 32,768 B");
  testing::AddFailed(run, {{0, 0, 0}}, "needs 1.5 B of 7 B");
  testing::AddCorrect(run, {{0, 0, 0}}, 1);
  testing::AddBuild(run, 1, "needs 9 B of 8 B");
  RunLog other = testing::EmptyRun();
  testing::AddFailed(other, {{0, 0, 0}}, "needs 3 B of 2 B", Outcome::kRuntime);

  const auto counts = CountFailures({&run, &other});
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].example, "needs 52,480 B of 32,768 B");
  EXPECT_EQ(counts[0].trials, 2U);
  EXPECT_EQ(counts[0].builds, 1U);
  EXPECT_EQ(counts[1].outcome, Outcome::kTimeout);
  EXPECT_EQ(counts[2].outcome, Outcome::kRuntime) << "another outcome is another kind";
}

TEST(CountFailures, KeepsPunctuationApartFromNumbers) {
  RunLog run = testing::EmptyRun();
  testing::AddFailed(run, {{0, 0, 0}}, "tile 3, of 4.");
  testing::AddFailed(run, {{0, 0, 0}}, "tile 35, of 40.");
  testing::AddFailed(run, {{0, 0, 0}}, "tile 3 of 4.");
  EXPECT_EQ(CountFailures({&run}).size(), 2U);
}

}  // namespace
}  // namespace foothold::report
