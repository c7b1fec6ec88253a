#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string_view>
#include <vector>

namespace foothold::base {
namespace {

TEST(WithThousands, PutsACommaBeforeEveryThirdDigit) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(1000), "1,000");
  EXPECT_EQ(WithThousands(52'480), "52,480");
  EXPECT_EQ(WithThousands(123'456'789), "123,456,789");
  EXPECT_EQ(WithThousands(-999), "-999");
  EXPECT_EQ(WithThousands(-1000), "-1,000");
  EXPECT_EQ(WithThousands(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(OneLine, KeepsWhatCanBeShown) {
  EXPECT_EQ(OneLine(""), "");
  EXPECT_EQ(OneLine("tile_h=7, caf\xc3\xa9"), "tile_h=7, caf\xc3\xa9");
  EXPECT_EQ(OneLine(std::string("a\nb\rc\0d\x7f", 8)), "a?b?c?d?");
}

TEST(Joined, TakesTextsAndIntegers) {
  EXPECT_EQ(Joined(std::vector<std::string>{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(Joined(std::array<std::string_view, 1>{"a"}, ", "), "a");
  EXPECT_EQ(Joined(std::vector<std::int64_t>{1, -2, 7}, " x "), "1 x -2 x 7");
  EXPECT_EQ(Joined(std::vector<int>(), ", "), "");
}

}  // namespace
}  // namespace foothold::base
