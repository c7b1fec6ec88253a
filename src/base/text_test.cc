#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace foothold {
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

}  // namespace
}  // namespace foothold
