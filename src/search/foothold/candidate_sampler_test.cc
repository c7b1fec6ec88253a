#include "search/foothold/candidate_sampler.h"

#include <gtest/gtest.h>

#include <set>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

TEST(CandidateSampler, DrawsDifferentValidConfigsThatAreNotTaken) {
  const Space space = TightSpace();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    Visited taken(space);
    for (const Config& config : SampleDistinct(space, 40, rng)) taken.Insert(config);
    const std::vector<Config> good = SampleDistinct(space, 4, rng);
    const std::vector<Config> drawn = CandidateSampler(space).Draw(good, 100, taken, rng);
    EXPECT_GT(drawn.size(), 20u);
    EXPECT_EQ(std::set<Config>(drawn.begin(), drawn.end()).size(), drawn.size());
    for (const Config& config : drawn) {
      EXPECT_TRUE(space.IsValid(config));
      EXPECT_FALSE(taken.Contains(config));
    }
  }
}

TEST(CandidateSampler, HasAllNeighboursOfTheGoodOnes) {
  const Space space = RoomySpace();
  Rng rng(3);
  const Config good = space.Sample(rng);
  const std::vector<Config> drawn =
      CandidateSampler(space).Draw(std::vector<Config>{good}, 50, Visited(space), rng);
  const std::set<Config> all(drawn.begin(), drawn.end());
  for (const Config& neighbour : space.Neighbours(good)) EXPECT_EQ(all.count(neighbour), 1u);
}

TEST(CandidateSampler, GivesAllThatIsLeftOfASmallSpace) {
  const Space space = SmallSpace();
  Rng rng(1);
  Visited taken(space);
  EXPECT_EQ(CandidateSampler(space).Draw({}, 100, taken, rng).size(), 6u);
  for (std::uint64_t rank = 0; rank < 5; ++rank) taken.Insert(space.Unrank(rank));
  EXPECT_EQ(CandidateSampler(space).Draw({}, 100, taken, rng),
            std::vector<Config>{space.Unrank(5)});
}

TEST(CandidateSampler, IsNeverEmptyWhileSomethingIsLeft) {
  const Space space = TightSpace();
  Rng rng(1);
  Visited taken(space);
  const CandidateSampler sampler(space);
  while (!taken.All()) {
    const std::vector<Config> drawn = sampler.Draw({}, 4, taken, rng);
    ASSERT_FALSE(drawn.empty()) << taken.indices().size() << " of " << space.valid_count();
    for (const Config& config : drawn) taken.Insert(config);
  }
  EXPECT_TRUE(sampler.Draw({}, 4, taken, rng).empty());
}

}  // namespace
}  // namespace foothold::search
