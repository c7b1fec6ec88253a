#include "models/trees/tree_ensemble.h"

#include <gtest/gtest.h>

#include "models/features/testing/random_rows.h"

namespace foothold::models {
namespace {

Booster Trained(const RandomRows& data, const Booster::Parameters& parameters, int rounds) {
  const TrainingSet set(data.features, data.labels);
  Booster booster(parameters, &set);
  for (int round = 0; round < rounds; ++round) booster.Train(round, set);
  return booster;
}

// XGBoost is the oracle: bit for bit, on rows that were trained on and on others.
TEST(TreeEnsemble, GivesXgboostsBits) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const char* objective : {"rank:pairwise", "reg:squarederror", "binary:logistic"}) {
      const std::size_t columns = 1 + seed % 7;
      const RandomRows data(30 + 20 * seed, columns, seed);
      const Booster booster =
          Trained(data, {{"max_depth", std::to_string(1 + seed % 6)}, {"objective", objective}},
                  static_cast<int>(1 + seed * 3));
      const TreeEnsemble trees(booster);
      EXPECT_EQ(trees.trees(), 1 + seed * 3);
      const RandomRows others(100, columns, seed + 1000);
      for (const FeatureMatrix* rows : {&data.features, &others.features}) {
        std::vector<float> margins(rows->rows(), trees.base_margin());
        trees.AddLeaves(*rows, margins);
        EXPECT_EQ(margins, booster.Margins(*rows)) << "seed " << seed << ", " << objective;
      }
    }
  }
}

// Values next to a threshold, on it, and far out on both sides.
TEST(TreeEnsemble, AgreesAtTheThresholds) {
  const RandomRows data(200, 2, 3);
  const Booster booster = Trained(data, {{"max_depth", "3"}}, 20);
  const TreeEnsemble trees(booster);
  FeatureMatrix rows(2);
  for (float a = -1.5F; a <= 8.5F; a += 0.25F) {
    for (const float b : {-1e30F, 0.0F, 2.5F, 3.0F, 1e30F}) {
      const std::span<float> row = rows.AppendRow();
      row[0] = a;
      row[1] = b;
    }
  }
  std::vector<float> margins(rows.rows(), trees.base_margin());
  trees.AddLeaves(rows, margins);
  EXPECT_EQ(margins, booster.Margins(rows));
}

TEST(TreeEnsemble, TreesWithoutASplitAreConstants) {
  FeatureMatrix features(3);
  for (int i = 0; i < 10; ++i) features.AppendRow();
  const TrainingSet set(features, std::vector<float>(10, 0.25F));
  Booster booster({{"max_depth", "3"}}, &set);
  booster.Train(0, set);
  const TreeEnsemble trees(booster);
  std::vector<float> margins(10, trees.base_margin());
  trees.AddLeaves(features, margins);
  EXPECT_EQ(margins, booster.Margins(features));
}

TEST(TreeEnsemble, AddsToWhateverIsThere) {
  const RandomRows data(50, 3, 9);
  const TreeEnsemble trees(Trained(data, {{"max_depth", "3"}}, 1));
  std::vector<float> from_zero(50, 0.0F);
  trees.AddLeaves(data.features, from_zero);
  std::vector<float> from_two(50, 2.0F);
  trees.AddLeaves(data.features, from_two);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(from_two[i], 2.0F + from_zero[i]);
}

}  // namespace
}  // namespace foothold::models
