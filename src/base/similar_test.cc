#include "base/similar.h"

#include <gtest/gtest.h>

namespace foothold::base {
namespace {

const std::vector<std::string> kCommands = {"tune", "try", "explain", "explore", "best", "report"};

TEST(SimilarTest, FindsWhatWasMeant) {
  EXPECT_EQ(MostSimilar("tuen", kCommands), "tune");   // swapped
  EXPECT_EQ(MostSimilar("tun", kCommands), "tune");    // one missing
  EXPECT_EQ(MostSimilar("tunee", kCommands), "tune");  // one too many
  EXPECT_EQ(MostSimilar("explian", kCommands), "explain");
  EXPECT_EQ(MostSimilar("BEST", kCommands), "best");
  EXPECT_EQ(MostSimilar("resnet18.c8", {"resnet18.C7", "resnet18.C8"}), "resnet18.C8");
}

TEST(SimilarTest, FindsNothingWhereNothingIsSimilar) {
  EXPECT_EQ(MostSimilar("frobnicate", kCommands), "");
  EXPECT_EQ(MostSimilar("", kCommands), "");
  EXPECT_EQ(MostSimilar("x", {"y"}), "");
  EXPECT_EQ(MostSimilar("tune", {}), "");
  EXPECT_EQ(MostSimilar(std::string(100'000, 't'), kCommands), "");
}

TEST(SimilarTest, TheFirstOfEquals) { EXPECT_EQ(MostSimilar("tu", {"ta", "to"}), "ta"); }

TEST(SimilarTest, SaysSoInBrackets) {
  EXPECT_EQ(DidYouMean("tuen", kCommands), " (did you mean tune?)");
  EXPECT_EQ(DidYouMean("frobnicate", kCommands), "");
}

}  // namespace
}  // namespace foothold::base
