#include "models/trees/boosted_trees.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/features/testing/random_rows.h"

namespace foothold::models {
namespace {

/// Points of a 12 by 12 grid; valid are those of one corner.
struct Corner {
  Corner() {
    for (int x = 0; x < 12; ++x) {
      for (int y = 0; y < 12; ++y) {
        const std::span<float> row = features.AppendRow();
        row[0] = static_cast<float>(x);
        row[1] = static_cast<float>(y);
        labels.push_back(x < 4 && y > 6 ? 1.0F : 0.0F);
      }
    }
  }
  FeatureMatrix features{2};
  std::vector<float> labels;
};

TEST(BoostedTrees, TellsTheLikelierLabel) {
  const Corner data;
  BoostedTrees model(TreeObjective::kProbability);
  EXPECT_FALSE(model.fitted());
  model.Fit(data.features, data.labels);
  EXPECT_TRUE(model.fitted());
  std::vector<float> log_odds(data.labels.size());
  model.Predict(data.features, log_odds);
  for (std::size_t i = 0; i < log_odds.size(); ++i) {
    EXPECT_EQ(log_odds[i] > 0, data.labels[i] > 0) << i;
  }
}

// The oracle: XGBoost itself, trained and asked directly.
TEST(BoostedTrees, GivesTheMarginsOfXgboost) {
  const RandomRows data(200, 6, 5);
  std::vector<float> kinds;
  for (const float label : data.labels) kinds.push_back(label > 0 ? 1.0F : 0.0F);
  for (const TreeObjective objective : {TreeObjective::kValue, TreeObjective::kProbability}) {
    const auto& labels = objective == TreeObjective::kValue ? data.labels : kinds;
    BoostedTrees model(objective);
    model.Fit(data.features, labels);
    std::vector<float> margins(labels.size());
    model.Predict(data.features, margins);

    const TrainingSet set(data.features, labels);
    Booster booster(BoostedTrees::BoosterParameters(objective), &set);
    for (int round = 0; round < BoostedTrees::kRounds; ++round) booster.Train(round, set);
    EXPECT_EQ(margins, booster.Margins(data.features));
  }
}

TEST(BoostedTrees, LearnsFromOneKindAlone) {
  const Corner data;
  for (const float kind : {0.0F, 1.0F}) {
    BoostedTrees model(TreeObjective::kProbability);
    model.Fit(data.features, std::vector<float>(data.labels.size(), kind));
    std::vector<float> log_odds(data.labels.size());
    model.Predict(data.features, log_odds);
    for (const float odds : log_odds) EXPECT_EQ(odds > 0, kind > 0);
  }
}

}  // namespace
}  // namespace foothold::models
