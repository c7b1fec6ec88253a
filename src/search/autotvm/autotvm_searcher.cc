#include "search/autotvm/autotvm_searcher.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "search/autotvm/diverse_pick.h"
#include "search/searcher/merit.h"

namespace foothold::search {
namespace {

/// Of a plan's size: so many trials of each plan are random instead.
constexpr double kRandomShare = 0.05;

}  // namespace

AutotvmSearcher::AutotvmSearcher(const Space& space, std::uint64_t seed,
                                 const AutotvmOptions& options)
    : space_(space),
      rng_(seed),
      options_(options),
      knobs_(space),
      model_(options.loss),
      annealing_(space, options.annealing),
      visited_(space),
      features_(knobs_.columns()) {
  FOOTHOLD_CHECK(options.plan_size > 0);
}

void AutotvmSearcher::Queue(std::span<const Config> configs) {
  for (const Config& config : configs) {
    FOOTHOLD_CHECK(visited_.Insert(config), "queued twice");
    queue_.push_back(config);
  }
}

std::vector<Config> AutotvmSearcher::Propose(std::size_t count) {
  std::vector<Config> configs;
  if (!queue_.empty()) {
    for (; configs.size() < count && !queue_.empty(); queue_.pop_front()) {
      configs.push_back(queue_.front());
    }
    return configs;
  }
  while (configs.size() < count && !visited_.All()) {
    configs.push_back(Next());
    visited_.Insert(configs.back());
  }
  return configs;
}

/// The next planned config, or a random one where the plan is through. The place in the plan moves
/// on only past configs that were visited, so a plan's random trials do not use it up.
Config AutotvmSearcher::Next() {
  while (next_in_plan_ < plan_.size() && visited_.Contains(plan_[next_in_plan_])) ++next_in_plan_;
  const auto random =
      static_cast<std::size_t>(kRandomShare * static_cast<double>(options_.plan_size));
  if (next_in_plan_ + random >= plan_.size()) return RandomTrial();
  return plan_[next_in_plan_];
}

Config AutotvmSearcher::RandomTrial() {
  Config config = visited_.SampleOther(rng_);
  if (!options_.bias) return config;
  for (int i = 0; i < kRedrawsBeforeSampling && options_.bias(config) < 0; ++i) {
    config = visited_.SampleOther(rng_);
  }
  return config;
}

void AutotvmSearcher::Observe(std::span<const Measurement> measurements) {
  for (const Measurement& measurement : measurements) {
    knobs_.Extract(measurement.config, features_.AppendRow());
    merits_.push_back(Merit(measurement));
    succeeded_ = succeeded_ || merits_.back() > 0;
    visited_.Insert(measurement.config);
  }
  // One fit per call at most: fits that were due before the first success are caught up with one by
  // one.
  if (succeeded_ && FitIsDue()) Fit();
}

bool AutotvmSearcher::FitIsDue() const {
  const std::size_t first = options_.first_fit > 0 ? options_.first_fit : options_.plan_size;
  return merits_.size() >= first + options_.plan_size * fits_;
}

void AutotvmSearcher::Fit() {
  model_.Fit(features_, merits_, options_.plan_size, rng_);
  plan_ = Plan(model_);
  next_in_plan_ = 0;
  ++fits_;
}

std::vector<Config> AutotvmSearcher::Plan(const BoostedCostModel& model) {
  models::FeatureMatrix rows(knobs_.columns());
  const auto score = [&](std::span<const Config> configs, std::span<float> scores) {
    rows.Clear();
    for (const Config& config : configs) knobs_.Extract(config, rows.AppendRow());
    model.Predict(rows, scores);
    if (!options_.bias) return;
    for (std::size_t i = 0; i < configs.size(); ++i) scores[i] += options_.bias(configs[i]);
  };
  const std::size_t ratio = std::max<std::size_t>(1, options_.diversity_filter_ratio);
  std::vector<Config> maxima =
      annealing_.FindMaxima(score, ratio * options_.plan_size, visited_.indices(), rng_);
  if (options_.diversity_filter_ratio == 0) return maxima;
  return PickDiverse(maxima, options_.plan_size);
}

bool AutotvmSearcher::LoadHistory(const models::FeatureMatrix& features,
                                  std::span<const double> merits, std::size_t least_rows) {
  FOOTHOLD_CHECK(features.columns() == knobs_.columns());
  const auto base = std::make_shared<BoostedCostModel>(options_.loss);
  if (!base->FitHistory(features, merits, options_.plan_size, rng_, least_rows)) return false;
  if (plan_.empty() && !visited_.All()) {
    plan_ = Plan(*base);
    next_in_plan_ = 0;
  }
  model_.SetBase(base);
  return true;
}

}  // namespace foothold::search
