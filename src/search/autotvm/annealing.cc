#include "search/autotvm/annealing.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "search/autotvm/best_scores.h"
#include "search/searcher/visited.h"

namespace foothold::search {

Annealing::Annealing(const Space& space, const AnnealingOptions& options)
    : space_(space), options_(options) {
  FOOTHOLD_CHECK(options.points > 0);
}

double Annealing::Temperature(int iteration) const {
  const double range = options_.start_temperature - options_.end_temperature;
  return options_.start_temperature - iteration * range / (options_.iterations + 1);
}

double Annealing::Acceptance(float gain, double temperature) {
  return std::exp(std::min(static_cast<double>(gain) / (temperature + 1e-5), 1.0));
}

std::vector<Config> Annealing::FindMaxima(const Scorer& score, std::size_t count,
                                          const std::unordered_set<std::uint64_t>& excluded,
                                          Rng& rng) {
  if (!options_.persistent || points_.empty())
    points_ = SampleDistinct(space_, options_.points, rng);
  std::vector<float> scores(points_.size());
  score(points_, scores);
  BestScores best(count, excluded);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    best.Offer(scores[i], space_.IndexOf(points_[i]));
  }

  std::vector<Config> next = points_;
  std::vector<float> next_scores(points_.size());
  int last_change = 0;
  for (int k = 0; k < options_.iterations && k < last_change + options_.patience; ++k) {
    for (std::size_t i = 0; i < points_.size(); ++i) {
      next[i] = points_[i];
      Step(next[i], rng);
    }
    score(next, next_scores);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (best.Offer(next_scores[i], space_.IndexOf(next[i]))) last_change = k;
      if (rng.Uniform() >= Acceptance(next_scores[i] - scores[i], Temperature(k))) continue;
      std::swap(points_[i], next[i]);
      scores[i] = next_scores[i];
    }
  }

  std::vector<Config> maxima;
  for (const std::uint64_t index : best.NonNegative()) maxima.push_back(space_.AtIndex(index));
  return maxima;
}

void Annealing::Step(Config& config, Rng& rng) const {
  if (space_.valid_count() == 1) return;  // AutoTVM would look for another one for ever
  const bool constrained = !space_.constraints().empty();
  const Config before = config;
  for (int redraws = 0; config == before || (constrained && !space_.IsValid(config)); ++redraws) {
    if (constrained && redraws == kRedrawsBeforeSampling) {
      config = space_.Sample(rng);
      return;
    }
    RedrawOneParameter(space_, config, rng);
  }
}

}  // namespace foothold::search
