#include "search/autotvm/average_recall.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace foothold::search {
namespace {

using Ranks = std::vector<std::uint32_t>;

// By hand: c_0 = 0 (no j before 0); c_1 = #{rank_0 <= 1} / 2; c_2 = #{rank_0, rank_1 <= 2} / 3.
TEST(AverageRecall, OfAPerfectOrderIsBelowOne) {
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{0, 1, 2}, 3), (0 + 1.0 / 2 + 2.0 / 3) / 3);
}

TEST(AverageRecall, CountsOnlyRowsStrictlyBefore) {
  // The best comes second: at i = 1 it is not yet counted, and rank_0 = 1 is.
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{1, 0, 2}, 2), (0 + 1.0 / 2) / 2);
  // rank_0 = 2 is among the best three only at i = 2.
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{2, 0, 1}, 3), (0 + 0 + 2.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{3, 2, 1, 0}, 4), (0 + 0 + 1.0 / 3 + 3.0 / 4) / 4);
}

TEST(AverageRecall, DividesByTheCountEvenWithFewerRows) {
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{0, 1}, 10), (1.0 / 2) / 10);
  EXPECT_DOUBLE_EQ(AverageRecallOfRanks(Ranks{0, 1, 2}, 2), (1.0 / 2) / 2);
  EXPECT_EQ(AverageRecallOfRanks(Ranks{}, 4), 0);
}

TEST(AverageRecall, RanksLabelsInTheOrderOfTheScores) {
  // By score: labels 0.5, 1.0, 0.0, which are ranks 1, 0, 2.
  const std::vector<float> scores = {0.1F, 0.9F, 0.4F};
  const std::vector<float> labels = {0.0F, 0.5F, 1.0F};
  EXPECT_DOUBLE_EQ(AverageRecall(scores, labels, 3), AverageRecallOfRanks(Ranks{1, 0, 2}, 3));
}

// Up to 16 rows NumPy's order is stable, so equal scores come last row first, and equal labels are
// ranked as they come.
TEST(AverageRecall, TakesEqualScoresInReverse) {
  const std::vector<float> scores = {1, 1, 1};
  const std::vector<float> labels = {1.0F, 0.5F, 0.5F};
  // Rows 2, 1, 0: labels 0.5, 0.5, 1.0, ranks 1, 2, 0.
  EXPECT_DOUBLE_EQ(AverageRecall(scores, labels, 3), AverageRecallOfRanks(Ranks{1, 2, 0}, 3));
}

/// Numbers that are easy to make again in NumPy.
std::vector<float> TestValues(std::size_t count, std::uint64_t modulus, std::uint64_t factor) {
  std::vector<float> values;
  for (std::uint64_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>((i * i * 31 + factor * i) % 101 % modulus));
  }
  return values;
}

// AutoTVM's own steps in NumPy 1.24.4 gave these.
TEST(AverageRecall, EqualsAutotvms) {
  const struct {
    std::size_t rows;
    std::size_t count;
    std::uint64_t score_modulus;
    std::uint64_t label_modulus;
    double recall;
  } cases[] = {
      {10, 64, 101, 101, 0.07177579365079365}, {64, 64, 5, 3, 0.4199544024515749},
      {200, 64, 7, 2, 0.0119444040217417},     {750, 64, 11, 4, 0.058498295370402645},
      {750, 128, 101, 1, 0.03463396166085291},
  };
  for (const auto& [rows, count, score_modulus, label_modulus, recall] : cases) {
    const std::vector<float> scores = TestValues(rows, score_modulus, 7);
    std::vector<float> labels = TestValues(rows, label_modulus, 13);
    const float greatest = std::max(1e-8F, *std::max_element(labels.begin(), labels.end()));
    for (float& label : labels) label /= greatest;
    EXPECT_NEAR(AverageRecall(scores, labels, count), recall, 1e-14) << rows << " rows";
  }
}

}  // namespace
}  // namespace foothold::search
