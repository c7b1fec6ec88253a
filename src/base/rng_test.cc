#include "foothold/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace foothold::base {
namespace {

/// Pearson's statistic of observed counts against equal expected ones.
double ChiSquare(const std::vector<int>& counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST(Rng, GivesTheReferenceSequence) {
  // From an independent implementation of the paper's listings (Python, unbounded integers).
  Rng zero(0);
  const std::array<std::uint64_t, 4> expected_of_zero = {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a,
                                                         0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c};
  for (const std::uint64_t expected : expected_of_zero) EXPECT_EQ(zero.Next(), expected);
  Rng answer(42);
  const std::array<std::uint64_t, 4> expected_of_42 = {0x15780b2e0c2ec716, 0x6104d9866d113a7e,
                                                       0xae17533239e499a1, 0xecb8ad4703b360a1};
  for (const std::uint64_t expected : expected_of_42) EXPECT_EQ(answer.Next(), expected);
}

TEST(Rng, StaysOnTheReferenceSequenceForAThousandSteps) {
  Rng rng(0);
  std::uint64_t last = 0;
  for (int i = 0; i < 1000; ++i) last = rng.Next();
  EXPECT_EQ(last, 0x7aac8c483a2edd2fU);
}

TEST(Rng, BelowIsUniform) {
  for (const int bound : {2, 3, 10, 97}) {
    Rng rng(7);
    std::vector<int> counts(static_cast<std::size_t>(bound));
    for (int i = 0; i < 1000 * bound; ++i) ++counts[rng.Below(static_cast<std::uint64_t>(bound))];
    // Mean bound - 1, variance 2 (bound - 1); five standard deviations.
    const double degrees = bound - 1;
    EXPECT_LT(ChiSquare(counts), degrees + 5 * std::sqrt(2 * degrees)) << "bound " << bound;
  }
}

TEST(Rng, BelowIsUniformForBoundsThatDoNotDivideThePowerOfTwo) {
  // With bound 3 * 2^62 a plain modulo would give the lowest third twice the weight.
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;
  Rng rng(11);
  std::vector<int> counts(3);
  for (int i = 0; i < 30'000; ++i) ++counts[rng.Below(3 * kThird) / kThird];
  EXPECT_LT(ChiSquare(counts), 2 + 5 * 2);
}

TEST(Rng, BelowOneIsZero) {
  Rng rng(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rng.Below(1), 0U);
}

TEST(Rng, UniformStaysInTheHalfOpenInterval) {
  Rng rng(3);
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double value = rng.Uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);  // standard error 0.0009
}

TEST(Rng, CopiesContinueAlikeAndForksDoNot) {
  Rng a(5);
  Rng copy = a;
  EXPECT_EQ(a.Next(), copy.Next());
  Rng fork = a.Fork();
  copy.Next();  // Fork() takes one step
  EXPECT_EQ(a.Next(), copy.Next());
  EXPECT_NE(fork.Next(), a.Next());
}

TEST(Rng, ShuffleKeepsTheItemsAndReachesEveryOrderEvenly) {
  Rng rng(9);
  std::vector<int> counts(6);
  const std::vector<std::vector<int>> orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                                {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> items = {0, 1, 2};
    rng.Shuffle(items);
    const auto found = std::find(orders.begin(), orders.end(), items);
    ASSERT_NE(found, orders.end());
    ++counts[static_cast<std::size_t>(found - orders.begin())];
  }
  EXPECT_LT(ChiSquare(counts), 5 + 5 * std::sqrt(10.0));
}

TEST(RngDeathTest, BelowZeroIsABug) {
  Rng rng(1);
  EXPECT_DEATH(rng.Below(0), "bound > 0");
}

}  // namespace
}  // namespace foothold::base
