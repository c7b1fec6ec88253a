#include "search/autotvm/best_scores.h"

#include <gtest/gtest.h>

namespace foothold::search {
namespace {

using Indices = std::vector<std::uint64_t>;

TEST(BestScores, KeepsTheBestInOrder) {
  const std::unordered_set<std::uint64_t> excluded;
  BestScores best(3, excluded);
  EXPECT_TRUE(best.Offer(1, 10));
  EXPECT_TRUE(best.Offer(3, 11));
  EXPECT_TRUE(best.Offer(2, 12));
  EXPECT_EQ(best.NonNegative(), (Indices{11, 12, 10}));
  EXPECT_TRUE(best.Offer(2.5F, 13));  // in place of 10
  EXPECT_FALSE(best.Offer(1.5F, 14));
  EXPECT_FALSE(best.Offer(2, 15));  // not greater than the least
  EXPECT_EQ(best.NonNegative(), (Indices{11, 13, 12}));
}

TEST(BestScores, TakesNeitherExcludedNorHeld) {
  const std::unordered_set<std::uint64_t> excluded = {7};
  BestScores best(2, excluded);
  EXPECT_FALSE(best.Offer(9, 7));
  EXPECT_TRUE(best.Offer(1, 3));
  EXPECT_FALSE(best.Offer(5, 3));
  EXPECT_TRUE(best.Offer(2, 4));
  EXPECT_TRUE(best.Offer(3, 5));  // 3 has to go, and may come back
  EXPECT_TRUE(best.Offer(4, 3));
  EXPECT_EQ(best.NonNegative(), (Indices{3, 5}));
}

TEST(BestScores, GivesOnlyScoresOfAtLeastZero) {
  const std::unordered_set<std::uint64_t> excluded;
  BestScores best(4, excluded);
  EXPECT_TRUE(best.Offer(-1, 1));
  EXPECT_TRUE(best.Offer(0, 2));
  EXPECT_TRUE(best.Offer(-1e30F, 3));
  EXPECT_EQ(best.NonNegative(), Indices{2});
  EXPECT_TRUE(BestScores(0, excluded).NonNegative().empty());
}

/// Offers that are easy to make again in Python, with many equal scores.
Indices AfterOffers(int offers, std::size_t count, std::uint64_t scores, float least,
                    const std::unordered_set<std::uint64_t>& excluded, int* taken) {
  BestScores best(count, excluded);
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(offers); ++i) {
    const float score = static_cast<float>((i * i * 31 + 7 * i) % 101 % scores) + least;
    *taken += best.Offer(score, i * 37 % 90) ? 1 : 0;
  }
  return best.NonNegative();
}

// Python's heapq, driven as AutoTVM drives it, gave these.
TEST(BestScores, OrdersEqualScoresAsHeapqDoes) {
  int taken = 0;
  EXPECT_EQ(
      AfterOffers(150, 20, 6, -1, {5, 40, 77}, &taken),
      (Indices{42, 39, 19, 85, 65, 89, 79, 48, 60, 38, 67, 45, 62, 88, 36, 46, 57, 55, 78, 72}));
  EXPECT_EQ(taken, 46);
  taken = 0;
  EXPECT_EQ(AfterOffers(60, 12, 2, 0, {}, &taken),
            (Indices{10, 42, 41, 68, 47, 52, 84, 89, 74, 63, 79, 58}));
  EXPECT_EQ(taken, 17);
}

}  // namespace
}  // namespace foothold::search
