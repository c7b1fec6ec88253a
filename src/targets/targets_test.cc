#include "foothold/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold {
namespace {

using ::testing::HasSubstr;

TEST(TargetsTest, EveryListedTargetCanBeMade) {
  const auto targets = ListTargets();
  ASSERT_GE(targets.size(), 5U);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(targets[i - 1].name, targets[i].name);
    }
    const auto target = MakeTarget(*Env::Default(), targets[i].name);
    ASSERT_TRUE(target.ok()) << target.status().message();
    EXPECT_EQ((*target)->name(), targets[i].name);
    EXPECT_FALSE(targets[i].description.empty());
  }
}

TEST(TargetsTest, AnUnknownTargetNamesTheKnownOnes) {
  EXPECT_THAT(MakeTarget(*Env::Default(), "vta:pink").status().message(), HasSubstr("pynq"));
  EXPECT_THAT(MakeTarget(*Env::Default(), "gpu").status().message(), HasSubstr("vta:pynq"));
  EXPECT_EQ(MakeTarget(*Env::Default(), "gpu").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(MakeTarget(*Env::Default(), "replay:/nowhere").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace foothold
