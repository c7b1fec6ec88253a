#include "models/trees/booster.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/features/testing/random_rows.h"

namespace foothold::models {
namespace {

const Booster::Parameters kRegression = {{"max_depth", "3"}, {"objective", "reg:squarederror"}};

Booster Trained(const TrainingSet& set, const Booster::Parameters& parameters, int rounds) {
  Booster booster(parameters, &set);
  for (int round = 0; round < rounds; ++round) booster.Train(round, set);
  return booster;
}

TEST(Booster, LearnsAStepFunction) {
  FeatureMatrix rows(1);
  std::vector<float> labels;
  for (int i = 0; i < 40; ++i) {
    rows.AppendRow()[0] = static_cast<float>(i);
    labels.push_back(i < 25 ? 1.0F : -2.0F);
  }
  const TrainingSet set(rows, labels);
  const Booster booster = Trained(set, kRegression, 60);
  EXPECT_EQ(booster.rounds(), 60);
  const std::vector<float> margins = booster.Margins(rows);
  for (std::size_t i = 0; i < 40; ++i) EXPECT_NEAR(margins[i], labels[i], 0.01) << i;
}

// The first round of regression by hand: from the base score 0.5, the gradients of the labels
// 0, 0, 1, 1 are 0.5, 0.5, -0.5, -0.5; the split in the middle leaves -1 / (2 + lambda) and
// 1 / (2 + lambda), times eta.
TEST(Booster, FirstRoundIsAsComputedByHand) {
  FeatureMatrix rows(1);
  for (const float x : {1.0F, 2.0F, 3.0F, 4.0F}) rows.AppendRow()[0] = x;
  const TrainingSet set(rows, std::vector<float>{0, 0, 1, 1});
  const Booster booster = Trained(
      set, {{"max_depth", "1"}, {"eta", "0.3"}, {"lambda", "1"}, {"objective", "reg:squarederror"}},
      1);
  const std::vector<float> margins = booster.Margins(rows);
  EXPECT_FLOAT_EQ(margins[0], 0.5F - 0.3F / 3);
  EXPECT_FLOAT_EQ(margins[1], 0.5F - 0.3F / 3);
  EXPECT_FLOAT_EQ(margins[2], 0.5F + 0.3F / 3);
  EXPECT_FLOAT_EQ(margins[3], 0.5F + 0.3F / 3);
}

TEST(Booster, FollowsTheTrainingSetRoundByRound) {
  const RandomRows data(80, 5, 3);
  const TrainingSet set(data.features, data.labels);
  Booster booster(kRegression, &set);
  for (int round = 0; round < 20; ++round) {
    booster.Train(round, set);
    const std::span<const float> followed = booster.Margins(set);
    const std::vector<float> followed_copy(followed.begin(), followed.end());
    EXPECT_EQ(followed_copy, booster.Margins(data.features)) << "round " << round;
  }
}

TEST(Booster, BaseMarginsTakeThePlaceOfTheBaseScore) {
  const RandomRows data(30, 3, 4);
  TrainingSet set(data.features, data.labels);
  std::vector<float> base(30, 7.0F);
  set.SetBaseMargins(base);
  Booster booster({{"objective", "reg:squarederror"}, {"eta", "0"}}, &set);
  booster.Train(0, set);
  for (const float margin : booster.Margins(set)) EXPECT_EQ(margin, 7.0F);
}

TEST(Booster, SameDataSameBits) {
  for (const char* objective : {"rank:pairwise", "reg:squarederror", "binary:logistic"}) {
    const RandomRows data(200, 6, 5);
    const Booster::Parameters parameters = {{"max_depth", "3"}, {"objective", objective}};
    const TrainingSet set(data.features, data.labels);
    const TrainingSet again(data.features, data.labels);
    EXPECT_EQ(Trained(set, parameters, 30).Margins(data.features),
              Trained(again, parameters, 30).Margins(data.features))
        << objective;
  }
}

TEST(Booster, ComesBackFromJsonAsItWas) {
  const RandomRows data(100, 4, 6);
  const TrainingSet set(data.features, data.labels);
  const Booster booster = Trained(set, kRegression, 15);
  const Result<Booster> read = Booster::FromJson(booster.ToJson());
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->rounds(), 15);
  EXPECT_EQ(read->Margins(data.features), booster.Margins(data.features));
}

TEST(Booster, RefusesWhatIsNoModel) {
  for (const char* text : {"", "{", "{}", "{\"learner\": 3}", "not json at all"}) {
    const Result<Booster> read = Booster::FromJson(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.status().code(), StatusCode::kDataLoss);
    EXPECT_EQ(read.status().message().find('\n'), std::string::npos) << read.status().message();
  }
}

TEST(Booster, NoRowsNoMargins) {
  const RandomRows data(20, 2, 7);
  const TrainingSet set(data.features, data.labels);
  EXPECT_TRUE(Trained(set, kRegression, 2).Margins(FeatureMatrix(2)).empty());
}

TEST(BoosterDeathTest, BugsOfOursStopTheProgram) {
  const RandomRows data(20, 2, 8);
  std::vector<float> labels = data.labels;
  labels[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_DEATH(TrainingSet(data.features, labels), "AllFinite");
  EXPECT_DEATH(TrainingSet(data.features, std::vector<float>{1, 2}), "rows");
  EXPECT_DEATH(TrainingSet(FeatureMatrix(2), {}), "rows");
  const TrainingSet set(data.features, data.labels);
  EXPECT_DEATH(Trained(set, {{"objective", "rank:backwards"}}, 1), "rank:backwards");
  EXPECT_DEATH(Trained(set, kRegression, 1).Margins(RandomRows(5, 3, 1).features), "feature");
}

}  // namespace
}  // namespace foothold::models
