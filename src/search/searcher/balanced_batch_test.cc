#include "search/searcher/balanced_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace foothold::search {
namespace {

Config At(std::uint32_t x, std::uint32_t y) { return {{x, y}}; }

std::vector<Config> Line(std::uint32_t count, std::uint32_t y) {
  std::vector<Config> configs;
  for (std::uint32_t x = 0; x < count; ++x) configs.push_back(At(x, y));
  return configs;
}

std::size_t NearestOf(const Config& config, std::span<const Config> others) {
  std::size_t nearest = 1000;
  for (const Config& other : others) nearest = std::min(nearest, ManhattanDistance(config, other));
  return nearest;
}

TEST(ManhattanDistance, AddsTheStepsOfEachParameter) {
  EXPECT_EQ(ManhattanDistance(At(1, 7), At(4, 2)), 8U);
  EXPECT_EQ(ManhattanDistance(At(4, 2), At(4, 2)), 0U);
}

TEST(PickDistant, TakesTheFarthestEachTime) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed);
    std::vector<Config> configs = Line(9, 0);
    for (const Config& config : Line(4, 3)) configs.push_back(config);
    const std::vector<Config> picked = PickDistant(configs, 7, rng);
    ASSERT_EQ(picked.size(), 7U);
    // The oracle: no config is farther from those picked before than the one picked next.
    for (std::size_t i = 1; i < picked.size(); ++i) {
      const auto before = std::span(picked).first(i);
      for (const Config& config : configs) {
        EXPECT_LE(NearestOf(config, before), NearestOf(picked[i], before)) << "seed " << seed;
      }
    }
  }
}

TEST(PickDistant, TakesAllWhereThereAreNoMore) {
  Rng rng(3);
  const std::vector<Config> line = Line(5, 1);
  std::vector<Config> picked = PickDistant(line, 8, rng);
  std::sort(picked.begin(), picked.end());
  EXPECT_EQ(picked, line);
  EXPECT_TRUE(PickDistant({}, 3, rng).empty());
  EXPECT_TRUE(PickDistant(line, 0, rng).empty());
}

TEST(PickBalanced, IsHalfValidAndHalfInvalidOrWhatThereIs) {
  const auto counts = [](std::uint32_t valid, std::uint32_t invalid, std::size_t count) {
    Rng rng(1);
    const std::vector<Config> batch = PickBalanced(Line(valid, 0), Line(invalid, 1), count, rng);
    const auto of_valid = std::count_if(
        batch.begin(), batch.end(), [](const Config& config) { return config.choices[1] == 0; });
    EXPECT_TRUE(std::is_partitioned(batch.begin(), batch.end(), [](const Config& config) {
      return config.choices[1] == 0;
    })) << "valid ones come first";
    EXPECT_EQ(std::set<Config>(batch.begin(), batch.end()).size(), batch.size());
    return std::pair(static_cast<std::size_t>(of_valid), batch.size());
  };
  EXPECT_EQ(counts(100, 100, 50), (std::pair<std::size_t, std::size_t>(25, 50)));
  EXPECT_EQ(counts(100, 100, 7), (std::pair<std::size_t, std::size_t>(4, 7)));
  EXPECT_EQ(counts(10, 100, 50), (std::pair<std::size_t, std::size_t>(10, 50)));
  EXPECT_EQ(counts(100, 3, 50), (std::pair<std::size_t, std::size_t>(47, 50)));
  EXPECT_EQ(counts(0, 100, 50), (std::pair<std::size_t, std::size_t>(0, 50)));
  EXPECT_EQ(counts(100, 0, 50), (std::pair<std::size_t, std::size_t>(50, 50)));
  EXPECT_EQ(counts(5, 6, 50), (std::pair<std::size_t, std::size_t>(5, 11)));
  EXPECT_EQ(counts(0, 0, 50), (std::pair<std::size_t, std::size_t>(0, 0)));
}

}  // namespace
}  // namespace foothold::search
