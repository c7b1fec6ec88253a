#include "search/foothold/batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace foothold::search {
namespace {

models::FeatureMatrix OnALine(std::vector<float> places) {
  models::FeatureMatrix rows(1);
  for (const float place : places) rows.AppendRow()[0] = place;
  return rows;
}

TEST(PickBatch, TakesTheBestFirst) {
  const std::vector<double> scores = {0.5, 3, 1};
  EXPECT_EQ(PickBatch(OnALine({0, 10, 20}), scores, 3), (std::vector<std::size_t>{1, 2, 0}));
}

TEST(PickBatch, PrefersWhatIsFarFromThosePickedIfItIsNearlyAsGood) {
  const std::vector<double> scores = {3, 2.9, 2.5};
  EXPECT_EQ(PickBatch(OnALine({0, 0.01F, 10}), scores, 2), (std::vector<std::size_t>{0, 2}));
}

TEST(PickBatch, PrefersTheSameHillIfItIsMuchBetter) {
  const std::vector<double> scores = {9, 8.9, 2.5};
  EXPECT_EQ(PickBatch(OnALine({0, 0.01F, 10}), scores, 2), (std::vector<std::size_t>{0, 1}));
}

TEST(PickBatch, TakesEachRowOnceWhateverTheScores) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& scores :
       {std::vector<double>(3, kNan), std::vector<double>(3, -kInfinity), {kNan, 1, -kInfinity}}) {
    std::vector<std::size_t> batch = PickBatch(OnALine({1, 2, 3}), scores, 3);
    std::sort(batch.begin(), batch.end());
    EXPECT_EQ(batch, (std::vector<std::size_t>{0, 1, 2}));
  }
  const std::vector<double> one_known = {kNan, 1, -kInfinity};
  EXPECT_EQ(PickBatch(OnALine({1, 2, 3}), one_known, 1), std::vector<std::size_t>{1});
}

TEST(PickBatch, TakesEachRowOnceAndNoMoreThanThereAre) {
  std::vector<std::size_t> batch = PickBatch(OnALine({1, 1, 1}), std::vector<double>(3, 0.0), 8);
  std::sort(batch.begin(), batch.end());
  EXPECT_EQ(batch, (std::vector<std::size_t>{0, 1, 2}));
}

}  // namespace
}  // namespace foothold::search
