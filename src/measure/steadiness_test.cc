#include "measure/steadiness.h"

#include <gtest/gtest.h>

namespace foothold::measure {
namespace {

TEST(SteadinessWatch, SaysNothingOfAFewRuns) {
  SteadinessWatch watch;
  EXPECT_FALSE(watch.Result().has_value());
  watch.BeginProgram();
  for (int i = 0; i < 9; ++i) watch.Add(1);
  EXPECT_FALSE(watch.Result().has_value());
  watch.BeginProgram();
  watch.Add(7);
  watch.Add(70);
  EXPECT_FALSE(watch.Result().has_value()) << "two runs of a program do not say which is usual";
  watch.Add(7);
  ASSERT_TRUE(watch.Result().has_value());
  EXPECT_EQ(watch.Result()->runs, 12U);
  EXPECT_EQ(watch.Result()->slowest, 10);
}

TEST(SteadinessWatch, ProgramsOfDifferentTimesOnASteadyDeviceAreNoNoise) {
  SteadinessWatch watch;
  for (const double seconds : {8.0, 4.0, 2.0}) {
    watch.BeginProgram();
    for (int i = 0; i < 5; ++i) watch.Add(seconds);
  }
  EXPECT_EQ(watch.Result()->spread, 0);
  EXPECT_FALSE(watch.Result()->is_noisy());
}

TEST(SteadinessWatch, SpreadIsThatOfTheMiddleHalf) {
  SteadinessWatch watch;
  watch.BeginProgram();
  // Of 13 runs, one in the middle and six 4 % off on either side; the quartiles are among those.
  watch.Add(100);
  for (int i = 0; i < 6; ++i) watch.Add(96);
  for (int i = 0; i < 6; ++i) watch.Add(104);
  EXPECT_NEAR(watch.Result()->spread, 0.08, 1e-12);
  EXPECT_NEAR(watch.Result()->slowest, 1.04, 1e-12);
  EXPECT_TRUE(watch.Result()->is_noisy());
}

TEST(SteadinessWatch, ATimeOfZeroIsNoMeasure) {
  SteadinessWatch watch;
  watch.BeginProgram();
  for (int i = 0; i < 20; ++i) watch.Add(0);
  EXPECT_FALSE(watch.Result().has_value());
}

}  // namespace
}  // namespace foothold::measure
