#include "search/ml2tuner/ml2tuner_searcher.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "search/searcher/merit.h"

namespace foothold::search {

bool Ml2tunerSearcher::Model::IsDue(std::size_t data) const {
  if (data == 0) return false;
  return !trees.fitted() ||
         static_cast<double>(data) >= kRefitGrowth * static_cast<double>(fitted_data);
}

Ml2tunerSearcher::Ml2tunerSearcher(const SearchProblem& problem, const Ml2tunerOptions& options)
    : options_(options),
      builds_(problem.knowledge != Knowledge::kBlind),
      space_(problem.space),
      rng_(problem.seed),
      knobs_(problem.space),
      annealing_(problem.space, options_.annealing),
      taken_(problem.space),
      known_(knobs_.columns()),
      features_(knobs_.columns()),
      program_features_(problem.space),
      scored_(knobs_.columns()) {}

std::vector<Config> Ml2tunerSearcher::ProposeBuilds() {
  if (!builds_ || !plan_.empty()) return {};
  const auto count =
      static_cast<std::size_t>((1 + options_.alpha) * static_cast<double>(options_.picks));
  return Candidates(count);
}

void Ml2tunerSearcher::ObserveBuilds(std::span<const BuildReport> reports) {
  for (const BuildReport& report : reports) {
    // What builds may still fail when run, so V takes only a measurement's word for valid.
    if (!report.ok()) {
      LearnValidity(report.config, false);
    } else {
      built_.push_back({report.config, report.metrics});
    }
  }
  PickFromBuilt();
}

/// Candidates that were not taken before; they are now.
std::vector<Config> Ml2tunerSearcher::Candidates(std::size_t count) {
  std::vector<Config> candidates;
  if (taken_.All()) return candidates;
  FitOnKnobs();
  if (performance_.trees.fitted()) {
    const std::size_t random = std::min(options_.random_candidates, count);
    candidates = annealing_.FindMaxima([this](std::span<const Config> configs,
                                              std::span<float> scores) { Score(configs, scores); },
                                       count - random, taken_.indices(), rng_);
    for (const Config& config : candidates) taken_.Insert(config);
  }
  while (candidates.size() < count && !taken_.All()) {
    candidates.push_back(taken_.SampleOther(rng_));
    taken_.Insert(candidates.back());
  }
  return candidates;
}

/// P's score, at least 0, of what V takes for valid. The others score below 0, so that annealing
/// leaves them out and still finds from them to the valid ones.
void Ml2tunerSearcher::Score(std::span<const Config> configs, std::span<float> scores) {
  scored_.Clear();
  for (const Config& config : configs) knobs_.Extract(config, scored_.AppendRow());
  log_odds_.resize(configs.size());
  validity_.trees.Predict(scored_, log_odds_);
  performance_.trees.Predict(scored_, scores);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const float probability = 1 / (1 + std::exp(-log_odds_[i]));
    scores[i] = log_odds_[i] > 0 ? std::max(scores[i], 0.0F) : probability - 1;
  }
}

void Ml2tunerSearcher::PickFromBuilt() {
  FitOnPrograms();
  const std::vector<float> ranking = RankBuilt();
  std::vector<std::size_t> order(built_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranking[a] > ranking[b]; });
  order.resize(std::min(order.size(), options_.picks));
  for (const std::size_t i : order) {
    plan_.push_back(built_[i].config);
    planned_[space_.IndexOf(built_[i].config)] = std::move(built_[i].metrics);
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  for (const std::size_t i : order) built_.erase(built_.begin() + static_cast<std::ptrdiff_t>(i));
}

/// A's scores; equal where it has nothing to go by.
std::vector<float> Ml2tunerSearcher::RankBuilt() const {
  std::vector<float> scores(built_.size());
  if (!advanced_.trees.fitted()) return scores;
  models::FeatureMatrix rows(program_features_.columns());
  for (const Built& built : built_) {
    program_features_.Extract(built.config, built.metrics, rows.AppendRow());
  }
  advanced_.trees.Predict(rows, scores);
  return scores;
}

std::vector<Config> Ml2tunerSearcher::Propose(std::size_t count) {
  if (plan_.empty() && builds_) PickFromBuilt();  // nothing is left to be built
  if (plan_.empty()) {
    const std::vector<Config> candidates = Candidates(options_.picks);
    plan_.assign(candidates.begin(), candidates.end());
  }
  std::vector<Config> configs;
  for (; configs.size() < count && !plan_.empty(); plan_.pop_front()) {
    configs.push_back(std::move(plan_.front()));
  }
  return configs;
}

void Ml2tunerSearcher::Observe(std::span<const Measurement> measurements) {
  for (const Measurement& measurement : measurements) {
    const double merit = Merit(measurement);
    LearnValidity(measurement.config, merit > 0);
    taken_.Insert(measurement.config);
    const auto planned = planned_.find(space_.IndexOf(measurement.config));
    if (merit > 0) {
      knobs_.Extract(measurement.config, features_.AppendRow());
      merits_.push_back(merit);
      programs_.push_back({measurement.config, {}});
      if (planned != planned_.end()) programs_.back().metrics = std::move(planned->second);
    }
    if (planned != planned_.end()) planned_.erase(planned);
  }
}

void Ml2tunerSearcher::LearnValidity(const Config& config, bool valid) {
  const auto [row, added] = known_.row.try_emplace(space_.IndexOf(config), known_.labels.size());
  if (added) {
    knobs_.Extract(config, known_.features.AppendRow());
    known_.labels.push_back(0);
  }
  known_.labels[row->second] = valid ? 1.0F : 0.0F;
  ++known_.outcomes;
}

/// Over the greatest.
std::vector<float> Ml2tunerSearcher::Merits() const {
  const double greatest = *std::max_element(merits_.begin(), merits_.end());
  std::vector<float> labels;
  for (const double merit : merits_) labels.push_back(static_cast<float>(merit / greatest));
  return labels;
}

void Ml2tunerSearcher::FitOnKnobs() {
  if (merits_.empty()) return;
  if (validity_.IsDue(known_.outcomes)) {
    validity_.trees.Fit(known_.features, known_.labels);
    validity_.fitted_data = known_.outcomes;
  }
  if (performance_.IsDue(merits_.size())) {
    performance_.trees.Fit(features_, Merits());
    performance_.fitted_data = merits_.size();
  }
}

void Ml2tunerSearcher::FitOnPrograms() {
  if (!advanced_.IsDue(merits_.size())) return;
  for (const Built& program : programs_) program_features_.AddColumns(program.metrics);
  models::FeatureMatrix rows(program_features_.columns());
  for (const Built& program : programs_) {
    program_features_.Extract(program.config, program.metrics, rows.AppendRow());
  }
  advanced_.trees.Fit(rows, Merits());
  advanced_.fitted_data = merits_.size();
}

}  // namespace foothold::search
