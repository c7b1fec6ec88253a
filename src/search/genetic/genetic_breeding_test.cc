#include "search/genetic/genetic_breeding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "search/searcher/testing/spaces.h"

namespace foothold::search {
namespace {

std::vector<ScoredConfig> WithMerits(const std::vector<double>& merits) {
  std::vector<ScoredConfig> configs;
  for (std::uint32_t i = 0; i < merits.size(); ++i) configs.push_back({{{i}}, merits[i]});
  return configs;
}

std::vector<std::uint32_t> FirstChoices(const std::vector<ScoredConfig>& configs) {
  std::vector<std::uint32_t> choices;
  for (const ScoredConfig& scored : configs) choices.push_back(scored.config.choices[0]);
  return choices;
}

TEST(GeneticBreeding, BestAreTheGreatestAndTheEarlierAmongEquals) {
  EXPECT_EQ(FirstChoices(Best(WithMerits({0, 5, 0, 7, 5}), 3)),
            (std::vector<std::uint32_t>{3, 1, 4}));
  EXPECT_EQ(FirstChoices(Best(WithMerits({0, 0, 1}), 2)), (std::vector<std::uint32_t>{2, 0}));
  EXPECT_EQ(Best(WithMerits({1, 2}), 3).size(), 2u);
}

TEST(GeneticBreeding, SharesAreProportionalToMerit) {
  const std::vector<double> shares = ParentShares(WithMerits({3, 0, 1}));
  const double sum = 4 + 3e-8;
  EXPECT_DOUBLE_EQ(shares[0], (3 + 1e-8) / sum);
  EXPECT_DOUBLE_EQ(shares[1], 1e-8 / sum);
  EXPECT_DOUBLE_EQ(shares[2], (1 + 1e-8) / sum);
}

TEST(GeneticBreeding, FailuresAloneShareEqually) {
  for (const double share : ParentShares(WithMerits({0, 0, 0, 0}))) EXPECT_DOUBLE_EQ(share, 0.25);
}

// P(a, then b) = p_a * p_b / (1 - p_a), what NumPy's choice without replacement gives.
TEST(GeneticBreeding, DrawsTwoDistinctByTheirShares) {
  const std::vector<double> shares = {0.5, 0.3, 0.0, 0.2};
  constexpr int kDraws = 60'000;
  std::map<std::pair<std::size_t, std::size_t>, int> counts;
  Rng rng(1);
  for (int i = 0; i < kDraws; ++i) ++counts[DrawTwo(shares, rng)];
  double chi_square = 0;
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < 4; ++b) {
      const double expected = a == b ? 0 : kDraws * shares[a] * shares[b] / (1 - shares[a]);
      const int count = counts[{a, b}];
      if (expected == 0) {
        EXPECT_EQ(count, 0) << a << ", " << b;
      } else {
        chi_square += (count - expected) * (count - expected) / expected;
      }
    }
  }
  EXPECT_LT(chi_square, 5 + 6 * std::sqrt(10.0));  // six pairs
}

// With one success among failures the second parent is any failure, equally likely.
TEST(GeneticBreeding, TheOnlySuccessMatesWithAnyFailure) {
  const std::vector<double> shares = ParentShares(WithMerits({0, 9e9, 0, 0}));
  std::map<std::size_t, int> partners;
  Rng rng(2);
  for (int i = 0; i < 3000; ++i) {
    const auto [first, second] = DrawTwo(shares, rng);
    EXPECT_EQ(first, 1u);
    ++partners[second];
  }
  for (const std::size_t partner : {0U, 2U, 3U})
    EXPECT_NEAR(partners[partner], 1000, 150) << partner;
}

TEST(GeneticBreeding, CrossesAtThePlace) {
  const Config first{{1, 2, 3}};
  const Config second{{7, 8, 9}};
  EXPECT_EQ(Cross(first, second, 0), (Config{{7, 8, 9}}));
  EXPECT_EQ(Cross(first, second, 1), (Config{{1, 8, 9}}));
  EXPECT_EQ(Cross(first, second, 2), (Config{{1, 2, 9}}));
}

// A mutation may draw the value that is there: of 6 values, 5 in 6 mutations are seen.
TEST(GeneticBreeding, MutatesEachParameterWithItsProbability) {
  const Space space = WideSpace();
  Rng rng(3);
  constexpr int kDraws = 20'000;
  std::vector<int> changed(7, 0);
  for (int i = 0; i < kDraws; ++i) {
    Config config{{0, 1, 2, 3, 4, 5, 0}};
    const Config before = config;
    Mutate(space, config, 0.1, rng);
    for (std::size_t j = 0; j < 7; ++j) changed[j] += config.choices[j] != before.choices[j];
    ASSERT_TRUE(space.Contains(config));
  }
  for (const int count : changed) EXPECT_NEAR(count, kDraws * 0.1 * 5 / 6, 250);
  Config config{{0, 1, 2, 3, 4, 5, 0}};
  const Config before = config;
  Mutate(space, config, 0, rng);
  EXPECT_EQ(config, before);
}

}  // namespace
}  // namespace foothold::search
