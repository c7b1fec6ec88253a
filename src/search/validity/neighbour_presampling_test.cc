#include "search/validity/neighbour_presampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "search/searcher/balanced_batch.h"
#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

constexpr std::size_t kAll = 1'000'000;

using IsValid = std::function<bool(const Config&)>;

std::vector<Config> PresampleBatch(NeighbourPresampling& presampling, const IsValid& is_valid) {
  std::vector<Config> batch = presampling.Take(kAll);
  for (const Config& config : batch) presampling.Observe(config, is_valid(config));
  return batch;
}

std::vector<Config> RunAll(NeighbourPresampling& presampling, const IsValid& is_valid) {
  std::vector<Config> all;
  for (;;) {
    const std::vector<Config> batch = PresampleBatch(presampling, is_valid);
    if (batch.empty()) return all;
    all.insert(all.end(), batch.begin(), batch.end());
  }
}

bool InTheCorner(const Config& config) {
  return config.choices[0] < 3 && config.choices[1] < 3 && config.choices[2] < 3;
}

TEST(NeighbourPresampling, NextBatchIsTheNeighboursOfTheValidAndOneRandomPerInvalid) {
  // By hand: a, b, c of 3, 4, 5 values; whoever has a = 1 is valid.
  const Space space = FreeSpace();
  Rng rng(7);
  NeighbourPresampling presampling(space, 60, 2, rng);
  const auto is_valid = [](const Config& config) { return config.choices[0] == 0; };
  std::set<Config> taken;
  std::vector<Config> before;
  for (int i = 0; i < 5; ++i) {
    const std::vector<Config> batch = PresampleBatch(presampling, is_valid);
    std::set<Config> expected;
    std::size_t random = before.empty() ? 2 : 0;
    for (const Config& config : before) {
      if (!is_valid(config)) ++random;
      if (is_valid(config)) {
        for (const Config& neighbour : space.Neighbours(config)) {
          if (taken.count(neighbour) == 0) expected.insert(neighbour);
        }
      }
    }
    const std::set<Config> got(batch.begin(), batch.end());
    EXPECT_EQ(got.size(), batch.size()) << "a config twice in batch " << i;
    std::size_t others = 0;
    for (const Config& config : got) {
      EXPECT_EQ(taken.count(config), 0U) << "batch " << i;
      if (expected.count(config) == 0) ++others;
    }
    // A random config may happen to be a neighbour of a valid one that is looked at later.
    EXPECT_LE(others, random) << "batch " << i;
    EXPECT_GE(got.size(), std::max(expected.size(), others)) << "batch " << i;
    for (const Config& config : expected) EXPECT_EQ(got.count(config), 1U) << "batch " << i;
    taken.insert(got.begin(), got.end());
    before = batch;
  }
}

TEST(NeighbourPresampling, FindsMoreValidConfigsThanChanceDoes) {
  // 2.7 % of the space; random draws would give 27 of 1,000.
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed);
    const Space space =
        Space::Create({Range("a", 10), Range("b", 10), Range("c", 10), Range("d", 10)}).value();
    NeighbourPresampling presampling(space, 1000, 8, rng);
    const std::vector<Config> all = RunAll(presampling, InTheCorner);
    ASSERT_EQ(all.size(), 1000U);
    EXPECT_GT(std::count_if(all.begin(), all.end(), InTheCorner), 100) << "seed " << seed;
  }
}

TEST(NeighbourPresampling, EndsAtTheLimitOrTheSpaceWhateverIsValid) {
  const IsValid never = [](const Config&) { return false; };
  const IsValid always = [](const Config&) { return true; };
  for (const Space& space : {SmallSpace(), FreeSpace(), TightSpace()}) {
    for (const IsValid& is_valid : {never, always}) {
      for (const std::size_t limit : {std::size_t{1}, std::size_t{40}, std::size_t{100'000}}) {
        Rng rng(2);
        NeighbourPresampling presampling(space, limit, 8, rng);
        const std::vector<Config> all = RunAll(presampling, is_valid);
        EXPECT_EQ(all.size(), std::min<std::size_t>(limit, space.valid_count()));
        EXPECT_EQ(std::set<Config>(all.begin(), all.end()).size(), all.size());
        for (const Config& config : all) EXPECT_TRUE(space.IsValid(config));
      }
    }
  }
}

TEST(NeighbourPresampling, GoesOnAtRandomWhereAnIslandIsExhausted) {
  // Valid configs are not neighbours of each other in SmallSpace: Neighbours gives none.
  Rng rng(1);
  NeighbourPresampling presampling(SmallSpace(), 6, 1, rng);
  EXPECT_EQ(RunAll(presampling, [](const Config&) { return true; }).size(), 6U);
}

TEST(NeighbourPresampling, WaitsForTheBatchUnlessToldNotTo) {
  Rng rng(1);
  NeighbourPresampling presampling(FreeSpace(), 20, 4, rng);
  const std::vector<Config> first = presampling.Take(3);
  EXPECT_EQ(first.size(), 3U);
  EXPECT_EQ(presampling.Take(3).size(), 1U);
  EXPECT_TRUE(presampling.Take(3).empty()) << "nothing is known of the batch yet";
  EXPECT_EQ(presampling.TakeWithoutWaiting(3).size(), 3U);
  presampling.Observe(Config{{2, 3, 4}}, true);  // perhaps never taken: does not matter
  EXPECT_EQ(presampling.TakeWithoutWaiting(30).size(), 13U) << "20 in all";
  EXPECT_TRUE(presampling.TakeWithoutWaiting(1).empty());
}

}  // namespace
}  // namespace foothold::search
