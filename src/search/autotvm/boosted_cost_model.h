#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "foothold/rng.h"
#include "models/features/feature_matrix.h"
#include "models/trees/booster.h"
#include "models/trees/tree_ensemble.h"

namespace foothold::search {

/// What the trees learn.
enum class CostModelLoss {
  kRank,        ///< pairs in the right order (rank:pairwise), AutoTVM's default up to 0.12
  kRegression,  ///< the label itself (reg:squarederror)
};

/// When boosting ends.
struct BoostingLimits {
  int rounds = 0;    ///< at most
  int patience = 0;  ///< this many after the last one that improved the training recall
};

/// AutoTVM's XGBoost cost model (docs/reference/vta-and-autotvm.md#cost-model), with its
/// parameters, labels, stopping rule and transfer. It learns from merits: any measure of speed that
/// is larger for better configs, such as operations per second, and 0 for a failure.
///
/// Not thread-safe. Deterministic: the same calls with equal generators give the same bits.
class BoostedCostModel {
 public:
  /// Depth 3, gamma 0.0001, least child weight 1, eta 0.3, lambda 1, and the loss's objective.
  static models::Booster::Parameters BoosterParameters(CostModelLoss loss);
  /// How long Fit and FitHistory boost.
  static constexpr BoostingLimits kFitLimits = {8000, 20};
  static constexpr BoostingLimits kHistoryLimits = {400, 100};
  /// A base model whose share is below this is dropped.
  static constexpr double kLeastDiscount = 0.05;

  explicit BoostedCostModel(CostModelLoss loss) : loss_(loss) {}

  /// Learns from all observations of a run, anew. Labels are merits over the greatest; boosting
  /// stops by the average recall at `plan_size` on the same rows. `rng` shuffles the rows, on which
  /// the pairs of the rank loss depend.
  /// REQUIRES: rows; a merit >= 0, finite, for each; a base model takes rows of the same width.
  void Fit(const models::FeatureMatrix& features, std::span<const double> merits,
           std::size_t plan_size, Rng& rng);

  /// Learns from other runs (AutoTVM's fit_log): with kHistoryLimits and the recall at twice
  /// `plan_size`. Does nothing and returns false when there are fewer rows than `least_rows`.
  bool FitHistory(const models::FeatureMatrix& features, std::span<const double> merits,
                  std::size_t plan_size, Rng& rng, std::size_t least_rows = 500);

  /// Starts from the scores of `base`, at first fully and by half for each 64 rows of the last Fit:
  /// the discount is 2^(-rows / 64). Fit drops the base once that is below kLeastDiscount, from 277
  /// rows on. REQUIRES: base->fitted().
  void SetBase(std::shared_ptr<const BoostedCostModel> base);
  bool has_base() const { return base_ != nullptr; }

  bool fitted() const { return trees_.has_value(); }
  /// Rounds of boosting that the last fit took; all its trees are used. REQUIRES: fitted().
  std::size_t rounds() const { return trees_->trees(); }

  /// A score per row, higher for better: XGBoost's margin. Without a base it starts from 0.5, with
  /// a base from the base's discounted score. REQUIRES: fitted().
  std::vector<float> Predict(const models::FeatureMatrix& features) const;
  /// The same into `scores`. REQUIRES: one per row.
  void Predict(const models::FeatureMatrix& features, std::span<float> scores) const;

 private:
  void Train(const models::FeatureMatrix& features, std::span<const double> merits,
             std::size_t plan_size, BoostingLimits limits, Rng& rng);
  void BaseMargins(const models::FeatureMatrix& features, std::span<float> margins) const;
  double Discount() const;

  CostModelLoss loss_;
  std::optional<models::TreeEnsemble> trees_;
  std::shared_ptr<const BoostedCostModel> base_;
  std::size_t rows_ = 0;  ///< of the last Fit
};

}  // namespace foothold::search
