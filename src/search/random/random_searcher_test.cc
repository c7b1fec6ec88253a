#include "search/random/random_searcher.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

std::vector<Config> DrawAll(const Space& space, std::uint64_t seed, std::size_t batch_size) {
  const std::unique_ptr<Searcher> searcher = MakeRandomSearcher(space, seed);
  std::vector<Config> all;
  for (;;) {
    const std::vector<Config> batch = searcher->Propose(batch_size);
    if (batch.empty()) return all;
    all.insert(all.end(), batch.begin(), batch.end());
  }
}

TEST(RandomSearcher, ProposesEachValidConfigOnceAndThenNothing) {
  for (const Space& space : {TightSpace(), FreeSpace()}) {
    const std::vector<Config> drawn = DrawAll(space, 7, 5);
    const std::vector<Config> valid = ValidConfigsInIndexOrder(space);
    EXPECT_EQ(drawn.size(), valid.size());
    EXPECT_EQ(std::set<Config>(drawn.begin(), drawn.end()),
              std::set<Config>(valid.begin(), valid.end()));
  }
}

TEST(RandomSearcher, TheLastBatchIsShortAndLaterOnesAreEmpty) {
  const Space space = FreeSpace();
  const std::unique_ptr<Searcher> searcher = MakeRandomSearcher(space, 1);
  EXPECT_EQ(searcher->Propose(space.valid_count() - 1).size(), space.valid_count() - 1);
  EXPECT_EQ(searcher->Propose(4).size(), 1u);
  EXPECT_TRUE(searcher->Propose(4).empty());
  EXPECT_TRUE(searcher->Propose(4).empty());
}

TEST(RandomSearcher, ASpaceWithoutValidConfigsGivesNothing) {
  EXPECT_TRUE(MakeRandomSearcher(EmptySpace(), 1)->Propose(3).empty());
}

TEST(RandomSearcher, TheSeedAloneDecidesTheSequence) {
  const Space space = TightSpace();
  EXPECT_EQ(DrawAll(space, 3, 1), DrawAll(space, 3, 8));
  EXPECT_NE(DrawAll(space, 3, 1), DrawAll(space, 4, 1));
}

// Each of the n(n-1) ordered pairs of first two draws is as likely as any other: a chi-square test
// whose bound is six standard deviations above the mean, over fixed seeds.
TEST(RandomSearcher, FirstDrawsAreUniform) {
  const Space space = SmallSpace();
  const std::uint64_t n = space.valid_count();
  const double pairs = static_cast<double>(n * (n - 1));
  constexpr int kSamples = 40'000;
  std::map<std::pair<Config, Config>, int> counts;
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
    const std::vector<Config> two = MakeRandomSearcher(space, seed)->Propose(2);
    ++counts[{two[0], two[1]}];
  }
  ASSERT_EQ(static_cast<double>(counts.size()), pairs);
  const double expected = kSamples / pairs;
  double chi_square = 0;
  for (const auto& [pair, count] : counts) {
    chi_square += (count - expected) * (count - expected) / expected;
  }
  const double freedom = pairs - 1;
  EXPECT_LT(chi_square, freedom + 6 * std::sqrt(2 * freedom));
}

// The last draw of an exhausted space is uniform too: here the sparse array is at its fullest.
TEST(RandomSearcher, LastDrawIsUniform) {
  const Space space = SmallSpace();
  const double n = static_cast<double>(space.valid_count());
  constexpr int kSamples = 12'000;
  std::map<Config, int> counts;
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) ++counts[DrawAll(space, seed, 3).back()];
  double chi_square = 0;
  for (const auto& [config, count] : counts) {
    chi_square += (count - kSamples / n) * (count - kSamples / n) / (kSamples / n);
  }
  EXPECT_LT(chi_square, n - 1 + 6 * std::sqrt(2 * (n - 1)));
}

TEST(RandomSearcher, DrawsDistinctConfigsFromAHugeSpace) {
  const Space space = HugeSpace();
  ASSERT_GE(space.raw_size(), 1'000'000'000'000u);
  const std::vector<Config> drawn = MakeRandomSearcher(space, 5)->Propose(20'000);
  EXPECT_EQ(drawn.size(), 20'000u);
  EXPECT_EQ(std::set<Config>(drawn.begin(), drawn.end()).size(), drawn.size());
  for (const Config& config : drawn) EXPECT_TRUE(space.IsValid(config)) << space.ToString(config);
}

}  // namespace
}  // namespace foothold::search
