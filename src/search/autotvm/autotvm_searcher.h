#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "foothold/rng.h"
#include "foothold/searcher.h"
#include "models/features/feature_matrix.h"
#include "search/autotvm/annealing.h"
#include "search/autotvm/boosted_cost_model.h"
#include "search/autotvm/knob_features.h"
#include "search/searcher/visited.h"

namespace foothold::search {

struct AutotvmOptions {
  /// Configs planned after each fit; a fit is due every so many trials.
  std::size_t plan_size = 64;
  CostModelLoss loss = CostModelLoss::kRank;
  AnnealingOptions annealing;
  /// 0: plan the best configs that annealing finds. Else find this many times as many and plan the
  /// most diverse of them.
  std::size_t diversity_filter_ratio = 0;

  // For searchers that are AutoTVM's but for how they begin and what else they know.

  /// The trials before the first fit, each later one follows after another plan_size; 0: plan_size.
  std::size_t first_fit = 0;
  /// What is known of a config without the cost model; null: nothing. Annealing adds it to the
  /// scores, and random trials are drawn again where it is negative.
  std::function<float(const Config&)> bias;
};

/// AutoTVM's XGBTuner with `knob` features (docs/reference/vta-and-autotvm.md#model-based-tuner and
/// on): random until the first fit, then the configs that annealing plans on the cost model's
/// scores, the last 5 % of each plan replaced by random ones. A baseline: faithful, flaws included.
class AutotvmSearcher : public Searcher {
 public:
  AutotvmSearcher(const Space& space, std::uint64_t seed, const AutotvmOptions& options = {});

  std::vector<Config> Propose(std::size_t count) override;
  void Observe(std::span<const Measurement> measurements) override;

  /// Proposes `configs` before anything else, in this order, and ends the batch after the last one.
  /// REQUIRES: valid, distinct, none proposed or queued before.
  void Queue(std::span<const Config> configs);

  /// Transfer from earlier runs of the same operator, on this or other workloads, as AutoTVM does
  /// before tuning: fits a base model on them, plans the first trials with it if there is no plan
  /// yet, and starts later fits from it. `features` are those of KnobFeatures, `merits` operations
  /// per second, 0 for failures. Does nothing and returns false for fewer than `least_rows` rows.
  /// REQUIRES: rows as wide as this space's features; one merit per row.
  bool LoadHistory(const models::FeatureMatrix& features, std::span<const double> merits,
                   std::size_t least_rows = 500);

  /// Fits so far, that of the history not counted.
  std::size_t fits() const { return fits_; }
  const BoostedCostModel& cost_model() const { return model_; }
  /// What the last fit planned, the best first; proposed or not.
  std::span<const Config> plan() const { return plan_; }

 private:
  Config Next();
  Config RandomTrial();
  bool FitIsDue() const;
  void Fit();
  std::vector<Config> Plan(const BoostedCostModel& model);

  Space space_;
  Rng rng_;
  AutotvmOptions options_;
  KnobFeatures knobs_;
  BoostedCostModel model_;
  Annealing annealing_;

  Visited visited_;
  std::deque<Config> queue_;
  std::vector<Config> plan_;
  std::size_t next_in_plan_ = 0;
  models::FeatureMatrix features_;  ///< of all observations
  std::vector<double> merits_;      ///< of all observations
  bool succeeded_ = false;          ///< any of them
  std::size_t fits_ = 0;
};

}  // namespace foothold::search
