#include "measure/repeats.h"

#include <gtest/gtest.h>

#include <vector>

namespace foothold::measure {
namespace {

using Times = std::vector<double>;

TEST(BoundsOf, AreTheRangeAndAMarginUntilThereIsAnInterval) {
  RepeatOptions rules;
  rules.worse_margin = 0.25;
  EXPECT_EQ(BoundsOf(Times{10}, rules), (base::Interval{8, 12.5}));
  EXPECT_EQ(BoundsOf(Times{20, 10, 30, 10, 10}, rules), (base::Interval{8, 37.5}));
  EXPECT_EQ(BoundsOf(Times{20, 10, 30, 10, 10, 15}, rules), (base::Interval{10, 30}));
  EXPECT_EQ(BoundsOf(Times{1, 2, 3, 4, 5, 6, 7, 8, 9}, rules), (base::Interval{2, 8}));
}

class DecideRepeatTest : public ::testing::Test {
 protected:
  Repeat Decide(const Times& times, std::optional<base::Interval> best = std::nullopt,
                double spent_s = 0) {
    return DecideRepeat(times, spent_s, best, rules_);
  }
  RepeatOptions rules_;
};

TEST_F(DecideRepeatTest, StopsWhenTheIntervalIsNarrowAndNotBefore) {
  Times times;
  for (int n = 1; n <= 5; ++n) {
    times.push_back(1);
    EXPECT_EQ(Decide(times), Repeat::kOnceMore) << "equal times of " << n << " runs may be luck";
  }
  times.push_back(1);
  EXPECT_EQ(Decide(times), Repeat::kNarrow);
  EXPECT_EQ(Decide({0.99, 1, 1, 1, 1, 1.02}), Repeat::kNarrow) << "half of it is 1.5 %";
  EXPECT_EQ(Decide({0.97, 1, 1, 1, 1, 1.02}), Repeat::kOnceMore);
  rules_.interval_width = 0.03;
  EXPECT_EQ(Decide({0.97, 1, 1, 1, 1, 1.02}), Repeat::kNarrow);
}

TEST_F(DecideRepeatTest, AnOutlierDoesNotKeepItFromBeingNarrow) {
  EXPECT_EQ(Decide({1, 1.01, 0.99, 1, 1.01, 0.99, 1, 1.01, 5}), Repeat::kNarrow);
}

TEST_F(DecideRepeatTest, WhatIsClearlyWorseIsNotRunAgain) {
  const base::Interval best{0.9, 1};
  EXPECT_EQ(Decide({2.1}, best), Repeat::kWorse) << "twice as long: one run is enough";
  EXPECT_EQ(Decide({1.9}, best), Repeat::kOnceMore) << "may be an outlier";
  EXPECT_EQ(Decide({1.9, 1.9}, best), Repeat::kOnceMore);
  EXPECT_EQ(Decide({1.9, 1.9, 1.9}, best), Repeat::kWorse);
  EXPECT_EQ(Decide({1.9, 1.9, 1.04}, best), Repeat::kOnceMore) << "within the margin of 5 %";
  EXPECT_EQ(Decide({1.9, 1.9, 1.06}, best), Repeat::kWorse);
  EXPECT_EQ(Decide({1.01, 1.5, 1.5, 1.5, 1.5, 1.5}, best), Repeat::kWorse)
      << "an interval needs no margin";
  EXPECT_EQ(Decide({0.99, 1.5, 1.5, 1.5, 1.5, 1.5}, best), Repeat::kOnceMore);
  rules_.least_repeats = 1;
  EXPECT_EQ(Decide({1.9}, best), Repeat::kWorse);
}

TEST_F(DecideRepeatTest, BudgetsEndWhatIsNeverNarrow) {
  const Times wild = {1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(Decide(wild), Repeat::kOnceMore);
  EXPECT_EQ(Decide(wild, std::nullopt, rules_.repeat_seconds), Repeat::kOutOfTime);
  rules_.most_repeats = 7;
  EXPECT_EQ(Decide(wild), Repeat::kMostRepeats);
  rules_.most_repeats = 1;
  EXPECT_EQ(Decide({1}), Repeat::kMostRepeats) << "most wins over least";
}

}  // namespace
}  // namespace foothold::measure
