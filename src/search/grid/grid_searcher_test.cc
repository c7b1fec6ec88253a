#include "search/grid/grid_searcher.h"

#include <gtest/gtest.h>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

TEST(GridSearcher, FollowsTheIndexOrderOverTheValidConfigs) {
  for (const Space& space : {SmallSpace(), FreeSpace(), TightSpace(), WideSpace(), EmptySpace()}) {
    const std::unique_ptr<Searcher> searcher = MakeGridSearcher(space, 1);
    std::vector<Config> proposed;
    for (;;) {
      const std::vector<Config> batch = searcher->Propose(77);
      if (batch.empty()) break;
      proposed.insert(proposed.end(), batch.begin(), batch.end());
    }
    EXPECT_EQ(proposed, ValidConfigsInIndexOrder(space));
    EXPECT_TRUE(searcher->Propose(1).empty());
  }
}

TEST(GridSearcher, AFreeSpaceIsCountedThroughFromZero) {
  const Space space = FreeSpace();
  const std::vector<Config> proposed = MakeGridSearcher(space, 9)->Propose(space.raw_size() + 1);
  ASSERT_EQ(proposed.size(), space.raw_size());
  for (std::uint64_t i = 0; i < proposed.size(); ++i) EXPECT_EQ(space.IndexOf(proposed[i]), i);
}

// The first valid config of this space is 8 * 10^11 indices away: it must not be walked to.
TEST(GridSearcher, SkipsInvalidStretchesWithoutWalkingThem) {
  const Space space = HugeSpace();
  const std::vector<Config> proposed = MakeGridSearcher(space, 1)->Propose(60'000);
  ASSERT_EQ(proposed.size(), 60'000u);
  EXPECT_EQ(space.IndexOf(proposed[0]), 800'000'000'000u);
  for (std::size_t i = 0; i < proposed.size(); ++i) {
    EXPECT_TRUE(space.IsValid(proposed[i]));
    if (i == 0) continue;
    EXPECT_LT(space.IndexOf(proposed[i - 1]), space.IndexOf(proposed[i]));
  }
}

}  // namespace
}  // namespace foothold::search
