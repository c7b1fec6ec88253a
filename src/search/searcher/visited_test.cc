#include "search/searcher/visited.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

TEST(Visited, HoldsWhatWasInserted) {
  const Space space = FreeSpace();
  Visited visited(space);
  EXPECT_FALSE(visited.Contains(space.AtIndex(17)));
  EXPECT_TRUE(visited.Insert(space.AtIndex(17)));
  EXPECT_FALSE(visited.Insert(space.AtIndex(17)));
  EXPECT_TRUE(visited.Contains(space.AtIndex(17)));
  EXPECT_FALSE(visited.Contains(space.AtIndex(18)));
  EXPECT_EQ(visited.indices(), (std::unordered_set<std::uint64_t>{17}));
}

TEST(Visited, SamplesTheOthersUniformly) {
  const Space space = SmallSpace();
  const std::vector<Config> valid = ValidConfigsInIndexOrder(space);
  Visited visited(space);
  visited.Insert(valid[1]);
  visited.Insert(valid[4]);
  Rng rng(1);
  std::map<Config, int> counts;
  for (int i = 0; i < 8000; ++i) ++counts[visited.SampleOther(rng)];
  EXPECT_EQ(counts.size(), valid.size() - 2);
  for (const auto& [config, count] : counts) {
    EXPECT_FALSE(visited.Contains(config));
    EXPECT_NEAR(count, 2000, 6 * std::sqrt(2000));
  }
}

TEST(Visited, KnowsWhenNothingIsLeft) {
  EXPECT_TRUE(Visited(EmptySpace()).All());
  const Space space = SmallSpace();
  Visited visited(space);
  Rng rng(2);
  for (std::uint64_t i = 0; i < space.valid_count(); ++i) {
    EXPECT_FALSE(visited.All());
    EXPECT_TRUE(visited.Insert(visited.SampleOther(rng)));
  }
  EXPECT_TRUE(visited.All());
}

TEST(RedrawOneParameter, DrawsParameterAndValueUniformly) {
  const Space space = FreeSpace();  // 3 * 4 * 5
  Rng rng(3);
  const Config before{{0, 0, 0}};
  std::map<Config, int> counts;
  constexpr int kDraws = 60'000;
  for (int i = 0; i < kDraws; ++i) {
    Config config = before;
    RedrawOneParameter(space, config, rng);
    ++counts[config];
  }
  // A third for each parameter, divided among its values; the value that is there is one of them.
  EXPECT_EQ(counts.size(), 1u + 2 + 3 + 4);
  EXPECT_NEAR(counts[before], kDraws / 3.0 * (1 / 3.0 + 1 / 4.0 + 1 / 5.0), 800);
  EXPECT_NEAR((counts[{{2, 0, 0}}]), kDraws / 9.0, 500);
  EXPECT_NEAR((counts[{{0, 3, 0}}]), kDraws / 12.0, 500);
  EXPECT_NEAR((counts[{{0, 0, 1}}]), kDraws / 15.0, 500);
}

}  // namespace
}  // namespace foothold::search
