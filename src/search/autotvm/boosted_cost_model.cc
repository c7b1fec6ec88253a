#include "search/autotvm/boosted_cost_model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "search/autotvm/average_recall.h"

namespace foothold::search {
namespace {

/// Merits over the greatest, in [0, 1].
std::vector<float> Labels(std::span<const double> merits) {
  FOOTHOLD_CHECK(!merits.empty());
  FOOTHOLD_CHECK(std::all_of(merits.begin(), merits.end(),
                             [](double merit) { return std::isfinite(merit) && merit >= 0; }));
  const double greatest = std::max(*std::max_element(merits.begin(), merits.end()), 1e-8);
  std::vector<float> labels;
  labels.reserve(merits.size());
  for (const double merit : merits) labels.push_back(static_cast<float>(merit / greatest));
  return labels;
}

/// XGBoost's Python package prints a metric with six decimals, and AutoTVM reads that back.
double AsPrinted(double metric) { return std::round(metric * 1e6) / 1e6; }

/// Boosts until a limit ends it.
void Boost(models::Booster& booster, const models::TrainingSet& set, std::span<const float> labels,
           std::size_t recall_count, BoostingLimits limits) {
  double best = -std::numeric_limits<double>::infinity();
  int best_round = 0;
  for (int round = 0; round < limits.rounds; ++round) {
    booster.Train(round, set);
    const double recall = AsPrinted(AverageRecall(booster.Margins(set), labels, recall_count));
    if (recall > best) {
      best = recall;
      best_round = round;
    } else if (round - best_round >= limits.patience) {
      break;
    }
  }
}

}  // namespace

models::Booster::Parameters BoostedCostModel::BoosterParameters(CostModelLoss loss) {
  return {{"max_depth", "3"},
          {"gamma", "0.0001"},
          {"min_child_weight", "1"},
          {"subsample", "1.0"},
          {"eta", "0.3"},
          {"lambda", "1.0"},
          {"alpha", "0"},
          {"objective", loss == CostModelLoss::kRank ? "rank:pairwise" : "reg:squarederror"}};
}

void BoostedCostModel::Fit(const models::FeatureMatrix& features, std::span<const double> merits,
                           std::size_t plan_size, Rng& rng) {
  rows_ = features.rows();
  if (base_ != nullptr && Discount() < kLeastDiscount) base_ = nullptr;
  Train(features, merits, plan_size, kFitLimits, rng);
}

bool BoostedCostModel::FitHistory(const models::FeatureMatrix& features,
                                  std::span<const double> merits, std::size_t plan_size, Rng& rng,
                                  std::size_t least_rows) {
  if (features.rows() < least_rows || features.rows() == 0) return false;
  FOOTHOLD_CHECK(base_ == nullptr, "history is for base models");
  Train(features, merits, 2 * plan_size, kHistoryLimits, rng);
  return true;
}

void BoostedCostModel::Train(const models::FeatureMatrix& features, std::span<const double> merits,
                             std::size_t plan_size, BoostingLimits limits, Rng& rng) {
  FOOTHOLD_CHECK(merits.size() == features.rows());
  std::vector<std::uint32_t> order(features.rows());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  rng.Shuffle(order);
  const std::vector<float> labels = Labels(merits);
  models::FeatureMatrix shuffled(features.columns());
  std::vector<float> shuffled_labels;
  for (const std::uint32_t row : order) {
    shuffled.Append(features.row(row));
    shuffled_labels.push_back(labels[row]);
  }

  models::TrainingSet set(shuffled, shuffled_labels);
  // AutoTVM does not shuffle the margins with the rows. The baseline keeps that.
  if (base_ != nullptr) {
    std::vector<float> margins(features.rows());
    BaseMargins(features, margins);
    set.SetBaseMargins(margins);
  }
  models::Booster booster(BoosterParameters(loss_), &set);
  Boost(booster, set, shuffled_labels, plan_size, limits);
  trees_.emplace(booster);
}

void BoostedCostModel::SetBase(std::shared_ptr<const BoostedCostModel> base) {
  FOOTHOLD_CHECK(base != nullptr && base->fitted());
  base_ = std::move(base);
}

std::vector<float> BoostedCostModel::Predict(const models::FeatureMatrix& features) const {
  std::vector<float> scores(features.rows());
  Predict(features, scores);
  return scores;
}

void BoostedCostModel::Predict(const models::FeatureMatrix& features,
                               std::span<float> scores) const {
  FOOTHOLD_CHECK(fitted());
  if (base_ != nullptr) {
    BaseMargins(features, scores);
  } else {
    std::fill(scores.begin(), scores.end(), trees_->base_margin());
  }
  trees_->AddLeaves(features, scores);
}

void BoostedCostModel::BaseMargins(const models::FeatureMatrix& features,
                                   std::span<float> margins) const {
  base_->Predict(features, margins);
  const float discount = static_cast<float>(Discount());
  for (float& margin : margins) margin *= discount;
}

double BoostedCostModel::Discount() const { return std::exp2(-static_cast<double>(rows_) / 64.0); }

}  // namespace foothold::search
