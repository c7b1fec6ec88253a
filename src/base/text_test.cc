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

}  // namespace
}  // namespace foothold
