#include "search/genetic/genetic_searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "search/genetic/genetic_breeding.h"
#include "search/searcher/testing/measurements.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

double AnyMerit(const Config& config) { return 1 + config.choices[0] % 3; }
double NoMerit(const Config& /*config*/) { return 0; }

std::size_t Differences(const Config& a, const Config& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.choices.size(); ++i) count += a.choices[i] != b.choices[i];
  return count;
}

/// How far `child` is from the nearest child of two distinct `parents`.
std::size_t DistanceToChildren(const Config& child, const std::vector<Config>& parents) {
  std::size_t least = child.choices.size();
  for (const Config& first : parents) {
    for (const Config& second : parents) {
      if (first == second) continue;
      for (std::size_t place = 0; place < child.choices.size(); ++place) {
        least = std::min(least, Differences(child, Cross(first, second, place)));
      }
    }
  }
  return least;
}

TEST(GeneticSearcher, ProposesEachValidConfigOnceAndThenNothing) {
  for (const Space& space : {SmallSpace(), FreeSpace(), TightSpace()}) {
    for (const std::size_t population : {2U, 7U, 100U}) {
      const auto searcher = MakeGeneticSearcher(space, 7, {population, 2, 0.1});
      const std::vector<Config> proposed = RunToTheEnd(*searcher, 8, AnyMerit);
      EXPECT_EQ(proposed.size(), space.valid_count());
      const std::vector<Config> valid = ValidConfigsInIndexOrder(space);
      EXPECT_EQ(std::set<Config>(proposed.begin(), proposed.end()),
                std::set<Config>(valid.begin(), valid.end()));
      EXPECT_TRUE(searcher->Propose(1).empty());
    }
  }
}

TEST(GeneticSearcher, ASpaceWithoutValidConfigsGivesNothing) {
  EXPECT_TRUE(MakeGeneticSearcher(EmptySpace(), 1)->Propose(3).empty());
}

TEST(GeneticSearcher, TheLastBatchOfAGenerationIsShort) {
  const auto searcher = MakeGeneticSearcher(RoomySpace(), 1, {50, 3, 0.1});
  for (int generation = 0; generation < 3; ++generation) {
    for (int batch = 0; batch < 6; ++batch) {
      EXPECT_EQ(RunBatch(*searcher, 8, AnyMerit).size(), 8u);
    }
    EXPECT_EQ(RunBatch(*searcher, 8, AnyMerit).size(), 2u);
  }
}

TEST(GeneticSearcher, ChildrenHaveTwoSuccessfulParents) {
  const Space space = RoomySpace();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto searcher = MakeGeneticSearcher(space, seed, {40, 3, 0.0});
    // About half of the first generation succeeds.
    const auto merit = [](const Config& config) { return config.choices[1] % 2 == 0 ? 1.0 : 0.0; };
    std::vector<Config> parents = RunBatch(*searcher, 40, merit);
    parents.erase(std::remove_if(parents.begin(), parents.end(),
                                 [&](const Config& config) { return merit(config) == 0; }),
                  parents.end());
    ASSERT_GT(parents.size(), 5u) << "seed " << seed;
    // A child that is a parent over again has one parameter redrawn, and no more in so much room.
    for (const Config& child : RunBatch(*searcher, 40, merit)) {
      EXPECT_LE(DistanceToChildren(child, parents), 1u) << "seed " << seed;
    }
  }
}

// Three configs of the first generation succeed and nothing ever again: as elites they remain the
// only parents of all generations to come.
TEST(GeneticSearcher, ElitesStayParents) {
  const auto searcher = MakeGeneticSearcher(RoomySpace(), 5, {30, 3, 0.0});
  std::vector<Config> elites = searcher->Propose(30);
  std::vector<Measurement> measurements;
  for (std::size_t i = 0; i < 30; ++i) {
    measurements.push_back(MeasuredAs(elites[i], i < 3 ? 1.0 + static_cast<double>(i) : 0.0));
  }
  searcher->Observe(measurements);
  elites.resize(3);
  for (int generation = 0; generation < 4; ++generation) {
    for (const Config& child : RunBatch(*searcher, 30, NoMerit)) {
      // Few children of three parents are new, so later ones are redrawn more than once.
      EXPECT_LE(DistanceToChildren(child, elites), generation == 0 ? 2u : 3u);
    }
  }
}

TEST(GeneticSearcher, TheSeedAloneDecidesTheSequence) {
  const auto run = [](std::uint64_t seed) {
    const auto searcher = MakeGeneticSearcher(TightSpace(), seed, {20, 3, 0.1});
    std::vector<Config> all;
    for (int batch = 0; batch < 12; ++batch) {
      for (Config& config : RunBatch(*searcher, 8, AnyMerit)) all.push_back(std::move(config));
    }
    return all;
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(4));
}

// Not how a tuner uses it, but a searcher must not stop before its space is exhausted.
TEST(GeneticSearcher, GoesOnWithoutObservations) {
  const Space space = FreeSpace();
  const auto searcher = MakeGeneticSearcher(space, 2, {10, 3, 0.1});
  std::set<Config> seen;
  for (std::vector<Config> batch = searcher->Propose(4); !batch.empty();
       batch = searcher->Propose(4)) {
    for (const Config& config : batch) EXPECT_TRUE(seen.insert(config).second);
  }
  EXPECT_EQ(seen.size(), space.valid_count());
}

// Walking on until a valid config turns up would not end here: few of the 10^12 configs are valid.
TEST(GeneticSearcher, DoesNotGetLostInATightSpace) {
  const Space space = HugeSpace();
  const auto searcher = MakeGeneticSearcher(space, 3, {20, 3, 0.1});
  std::set<Config> seen;
  while (seen.size() < 200) {
    for (const Config& config : RunBatch(*searcher, 8, AnyMerit)) {
      EXPECT_TRUE(space.IsValid(config));
      EXPECT_TRUE(seen.insert(config).second);
    }
  }
}

}  // namespace
}  // namespace foothold::search
