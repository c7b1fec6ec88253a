#include "models/trees/boosted_trees.h"

#include <algorithm>

#include "base/check.h"

namespace foothold::models {

Booster::Parameters BoostedTrees::BoosterParameters(TreeObjective objective) {
  const bool value = objective == TreeObjective::kValue;
  return {{"max_depth", "3"}, {"gamma", "0.0001"},
          {"eta", "0.3"},     {"min_child_weight", "1"},
          {"lambda", "1.0"},  {"objective", value ? "reg:squarederror" : "binary:logistic"}};
}

void BoostedTrees::Fit(const FeatureMatrix& features, std::span<const float> labels) {
  const TrainingSet set(features, labels);
  Booster booster(BoosterParameters(objective_), &set);
  for (int round = 0; round < kRounds; ++round) booster.Train(round, set);
  trees_.emplace(booster);
}

void BoostedTrees::Predict(const FeatureMatrix& features, std::span<float> margins) const {
  FOOTHOLD_CHECK(fitted());
  std::fill(margins.begin(), margins.end(), trees_->base_margin());
  trees_->AddLeaves(features, margins);
}

}  // namespace foothold::models
