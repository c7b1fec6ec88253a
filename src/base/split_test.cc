#include "base/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::base {
namespace {

using ::testing::ElementsAre;

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(Split("a,bc,d", ','), ElementsAre("a", "bc", "d"));
  EXPECT_THAT(Split(",a,,", ','), ElementsAre("", "a", "", ""));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
  EXPECT_THAT(Split("a b", ','), ElementsAre("a b"));
}

}  // namespace
}  // namespace foothold::base
