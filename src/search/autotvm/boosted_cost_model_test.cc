#include "search/autotvm/boosted_cost_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "models/features/testing/random_rows.h"
#include "search/autotvm/average_recall.h"

namespace foothold::search {
namespace {

std::vector<double> Merits(const models::RandomRows& data, double scale) {
  std::vector<double> merits;
  for (const float label : data.labels) merits.push_back(scale * static_cast<double>(label));
  return merits;
}

/// The rows in the order in which a fit with this seed trains on them.
struct Shuffled {
  Shuffled(const models::FeatureMatrix& rows, const std::vector<float>& row_labels,
           std::uint64_t seed)
      : features(rows.columns()) {
    std::vector<std::uint32_t> order(rows.rows());
    std::iota(order.begin(), order.end(), 0u);
    Rng(seed).Shuffle(order);
    for (const std::uint32_t row : order) {
      features.Append(rows.row(row));
      labels.push_back(row_labels[row]);
    }
  }
  models::FeatureMatrix features;
  std::vector<float> labels;
};

/// Labels as AutoTVM scales them.
std::vector<float> Scaled(const std::vector<double>& merits) {
  double greatest = 1e-8;
  for (const double merit : merits) greatest = std::max(greatest, merit);
  std::vector<float> labels;
  for (const double merit : merits) labels.push_back(static_cast<float>(merit / greatest));
  return labels;
}

TEST(BoostedCostModel, HasAutotvmsParameters) {
  for (const CostModelLoss loss : {CostModelLoss::kRank, CostModelLoss::kRegression}) {
    const auto list = BoostedCostModel::BoosterParameters(loss);
    const std::map<std::string, std::string> parameters(list.begin(), list.end());
    EXPECT_EQ(parameters.at("max_depth"), "3");
    EXPECT_EQ(parameters.at("gamma"), "0.0001");
    EXPECT_EQ(parameters.at("min_child_weight"), "1");
    EXPECT_EQ(parameters.at("subsample"), "1.0");
    EXPECT_EQ(parameters.at("eta"), "0.3");
    EXPECT_EQ(parameters.at("lambda"), "1.0");
    EXPECT_EQ(parameters.at("alpha"), "0");
    EXPECT_EQ(parameters.at("objective"),
              loss == CostModelLoss::kRank ? "rank:pairwise" : "reg:squarederror");
  }
}

// An oracle that follows the stopping rule with nothing but the booster: 20 rounds after the last
// one whose recall, to six decimals, was above all before.
TEST(BoostedCostModel, StopsTwentyRoundsAfterTheLastImprovement) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const CostModelLoss loss = seed % 2 == 0 ? CostModelLoss::kRank : CostModelLoss::kRegression;
    const models::RandomRows data(90, 4, seed);
    const std::vector<double> merits = Merits(data, 3e9);
    BoostedCostModel model(loss);
    Rng rng(seed);
    model.Fit(data.features, merits, 64, rng);

    const Shuffled rows(data.features, Scaled(merits), seed);
    const models::TrainingSet set(rows.features, rows.labels);
    models::Booster booster(BoostedCostModel::BoosterParameters(loss), &set);
    std::vector<double> recalls;
    std::size_t best = 0;
    while (recalls.empty() || recalls.size() - 1 - best < 20) {
      booster.Train(static_cast<int>(recalls.size()), set);
      const double recall = AverageRecall(booster.Margins(rows.features), rows.labels, 64);
      recalls.push_back(std::round(recall * 1e6));
      if (recalls.back() > recalls[best]) best = recalls.size() - 1;
    }
    EXPECT_EQ(model.rounds(), recalls.size()) << "seed " << seed;
    EXPECT_EQ(model.rounds(), best + 21) << "seed " << seed;
    EXPECT_EQ(model.Predict(data.features), booster.Margins(data.features)) << "seed " << seed;
  }
}

TEST(BoostedCostModel, ScalesLabelsByTheGreatestMerit) {
  const models::RandomRows data(80, 4, 2);
  BoostedCostModel small(CostModelLoss::kRegression);
  BoostedCostModel large(CostModelLoss::kRegression);
  Rng rng(1);
  Rng same(1);
  small.Fit(data.features, Merits(data, 1.0), 64, rng);
  large.Fit(data.features, Merits(data, 1048576.0), 64, same);
  EXPECT_EQ(small.Predict(data.features), large.Predict(data.features));
  // Regression of labels in [0, 1], so the best rows come near 1 whatever the merits were.
  const std::vector<float> scores = large.Predict(data.features);
  EXPECT_LT(*std::max_element(scores.begin(), scores.end()), 1.5F);
}

TEST(BoostedCostModel, AllFailuresAreAllZeroLabels) {
  const models::RandomRows data(70, 3, 4);
  BoostedCostModel model(CostModelLoss::kRegression);
  Rng rng(2);
  model.Fit(data.features, std::vector<double>(70, 0.0), 64, rng);
  for (const float score : model.Predict(data.features)) EXPECT_NEAR(score, 0, 0.01);
}

TEST(BoostedCostModel, RanksWhatIsBetterHigher) {
  const models::RandomRows data(200, 4, 6);
  BoostedCostModel model(CostModelLoss::kRank);
  Rng rng(3);
  model.Fit(data.features, Merits(data, 1.0), 64, rng);
  const std::vector<float> scores = model.Predict(data.features);
  EXPECT_GT(AverageRecall(scores, data.labels, 64), 0.5);
}

TEST(BoostedCostModel, HistoryNeedsEnoughRows) {
  const models::RandomRows data(499, 3, 8);
  BoostedCostModel model(CostModelLoss::kRank);
  Rng rng(1);
  EXPECT_FALSE(model.FitHistory(data.features, Merits(data, 1), 64, rng));
  EXPECT_FALSE(model.fitted());
  const models::RandomRows enough(500, 3, 8);
  EXPECT_TRUE(model.FitHistory(enough.features, Merits(enough, 1), 64, rng));
  EXPECT_TRUE(model.fitted());
  EXPECT_LE(model.rounds(), 400u);
  EXPECT_GT(model.rounds(), 100u);
}

/// A base model, and a model on other rows that starts from it.
class TransferTest : public ::testing::Test {
 protected:
  TransferTest() : history_(600, 3, 11), base_(std::make_shared<BoostedCostModel>(kLoss)) {
    Rng rng(5);
    EXPECT_TRUE(base_->FitHistory(history_.features, Merits(history_, 1), 64, rng));
    model_.SetBase(base_);
  }

  static constexpr CostModelLoss kLoss = CostModelLoss::kRank;
  models::RandomRows history_;
  std::shared_ptr<BoostedCostModel> base_;
  BoostedCostModel model_{kLoss};
};

TEST_F(TransferTest, StartsFromTheDiscountedBase) {
  const models::RandomRows data(96, 3, 12);
  Rng rng(6);
  model_.Fit(data.features, Merits(data, 1), 64, rng);
  ASSERT_TRUE(model_.has_base());

  // The oracle: discount 2^(-96 / 64), and margins that AutoTVM leaves in the order of the rows
  // while it shuffles the rows.
  const float discount = static_cast<float>(std::pow(2.0, -1.5));
  std::vector<float> margins = base_->Predict(data.features);
  for (float& margin : margins) margin *= discount;
  const Shuffled rows(data.features, Scaled(Merits(data, 1)), 6);
  models::TrainingSet set(rows.features, rows.labels);
  set.SetBaseMargins(margins);
  models::Booster booster(BoostedCostModel::BoosterParameters(kLoss), &set);
  for (int round = 0; round < static_cast<int>(model_.rounds()); ++round) {
    booster.Train(round, set);
  }
  std::vector<float> expected = margins;
  models::TreeEnsemble(booster).AddLeaves(data.features, expected);
  EXPECT_EQ(model_.Predict(data.features), expected);
}

// 2^(-276 / 64) = 0.0503, 2^(-277 / 64) = 0.0498.
TEST_F(TransferTest, DropsTheBaseBelowATwentieth) {
  Rng rng(7);
  const models::RandomRows data(276, 3, 13);
  model_.Fit(data.features, Merits(data, 1), 64, rng);
  EXPECT_TRUE(model_.has_base());
  const models::RandomRows more(277, 3, 13);
  model_.Fit(more.features, Merits(more, 1), 64, rng);
  EXPECT_FALSE(model_.has_base());

  BoostedCostModel without(kLoss);
  Rng first(9);
  Rng second(9);
  model_.Fit(more.features, Merits(more, 1), 64, first);
  without.Fit(more.features, Merits(more, 1), 64, second);
  EXPECT_EQ(model_.Predict(more.features), without.Predict(more.features));
}

TEST(BoostedCostModelDeathTest, BugsOfOursStopTheProgram) {
  BoostedCostModel model(CostModelLoss::kRank);
  EXPECT_DEATH(static_cast<void>(model.Predict(models::FeatureMatrix(2))), "fitted");
  Rng rng(1);
  const models::RandomRows data(10, 2, 1);
  EXPECT_DEATH(model.Fit(data.features, std::vector<double>(10, -1.0), 64, rng), "merit");
  EXPECT_DEATH(model.Fit(data.features, std::vector<double>(9, 1.0), 64, rng), "rows");
}

}  // namespace
}  // namespace foothold::search
