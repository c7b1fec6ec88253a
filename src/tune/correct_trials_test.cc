#include "tune/correct_trials.h"

#include <gtest/gtest.h>

namespace foothold::tune {
namespace {

Measurement Correct(std::uint32_t choice, double seconds) {
  Measurement measurement;
  measurement.config = Config{{choice}};
  measurement.seconds = {seconds};
  return measurement;
}

TEST(CorrectTrials, TheBestIsTheFirstOfTheFastest) {
  for (const bool keeps_all : {false, true}) {
    CorrectTrials trials(keeps_all);
    EXPECT_FALSE(trials.best().has_value());
    trials.Add(3, Correct(0, 2));
    trials.Add(4, Correct(1, 1));
    trials.Add(9, Correct(2, 1));
    EXPECT_EQ(trials.best()->config, Config{{1}});
    EXPECT_EQ(trials.all().size(), keeps_all ? 3U : 0U);
  }
}

TEST(CorrectTrials, WhatIsTakenOutIsNoLongerTheBest) {
  CorrectTrials trials(true);
  trials.Add(3, Correct(0, 2));
  trials.Add(4, Correct(1, 1));
  trials.Add(9, Correct(2, 1));
  EXPECT_EQ(trials.TrialOf(Config{{1}}), 4U);
  trials.Remove(4);
  EXPECT_FALSE(trials.TrialOf(Config{{1}}).has_value());
  EXPECT_FALSE(trials.Has(4));
  EXPECT_EQ(trials.best()->config, Config{{2}});
  EXPECT_EQ(trials.Of(9).config, Config{{2}});
  trials.Remove(9);
  EXPECT_EQ(trials.best()->config, Config{{0}});
  trials.Remove(3);
  EXPECT_FALSE(trials.best().has_value());
  EXPECT_TRUE(trials.all().empty());
}

}  // namespace
}  // namespace foothold::tune
