#include "search/autotvm/diverse_pick.h"

#include <gtest/gtest.h>

namespace foothold::search {
namespace {

// By hand: the first brings two values as any would, and comes first. (0, 1) and (1, 0) bring one
// new value each, (1, 1) two. Then each value is covered and the order is that of the candidates.
TEST(PickDiverse, TakesWhatCoversMostNewValues) {
  const std::vector<Config> candidates = {{{0, 0}}, {{0, 1}}, {{1, 0}}, {{1, 1}}};
  EXPECT_EQ(PickDiverse(candidates, 4),
            (std::vector<Config>{{{0, 0}}, {{1, 1}}, {{0, 1}}, {{1, 0}}}));
  EXPECT_EQ(PickDiverse(candidates, 2), (std::vector<Config>{{{0, 0}}, {{1, 1}}}));
}

// The same number is another value in another parameter.
TEST(PickDiverse, TellsParametersApart) {
  const std::vector<Config> candidates = {{{0, 1}}, {{0, 2}}, {{1, 1}}, {{1, 0}}};
  EXPECT_EQ(PickDiverse(candidates, 2), (std::vector<Config>{{{0, 1}}, {{1, 0}}}));
}

TEST(PickDiverse, TakesAllWhenThereAreFewer) {
  const std::vector<Config> candidates = {{{3}}, {{3}}};
  EXPECT_EQ(PickDiverse(candidates, 5), candidates);
  EXPECT_TRUE(PickDiverse({}, 5).empty());
}

}  // namespace
}  // namespace foothold::search
