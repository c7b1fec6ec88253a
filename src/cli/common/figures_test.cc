#include "cli/common/figures.h"

#include <gtest/gtest.h>

namespace foothold::cli {
namespace {

TEST(Numbers, MillisecondsHaveFourSignificantDigits) {
  EXPECT_EQ(Milliseconds(0.004934), "4.934");
  EXPECT_EQ(Milliseconds(0.0123456), "12.35");
  EXPECT_EQ(Milliseconds(0.1234), "123.4");
  EXPECT_EQ(Milliseconds(12.345), "12345");
  EXPECT_EQ(Milliseconds(0.0001), "0.1000");
}

TEST(Numbers, GopsHaveThreeSignificantDigits) {
  EXPECT_EQ(Gops(43.94), "43.9");
  EXPECT_EQ(Gops(1234.5), "1234");
  EXPECT_EQ(Gops(5.816), "5.82");
  EXPECT_EQ(Gops(0.0282), "0.028");
  EXPECT_EQ(Gops(0), "-");
}

TEST(Numbers, UnknownSharesAreADash) {
  EXPECT_EQ(Percent(0.4691), "46.9 %");
  EXPECT_EQ(Percent(std::nullopt), "-");
}

}  // namespace
}  // namespace foothold::cli
