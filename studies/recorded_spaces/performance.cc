#include "studies/recorded_spaces/performance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "foothold/rng.h"

namespace foothold::studies {
namespace {

constexpr std::uint64_t kResampleSeed = 1;

/// The mean over time of P(t) = (S(t) - R(t)) / (optimum - R(t)), S being the time at the runs'
/// mean place. Times at which random search is expected at the optimum itself are left out: nothing
/// could be better.
double ScoreOf(std::span<const double> mean_places, std::span<const double> random,
               const RandomBaseline& baseline) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < random.size(); ++i) {
    const double gap = baseline.optimum() - random[i];
    if (gap >= 0) continue;
    sum += (baseline.TimeAt(mean_places[i]) - random[i]) / gap;
    ++count;
  }
  FOOTHOLD_CHECK(count > 0, "the space is too small to be scored");
  return sum / static_cast<double>(count);
}

std::vector<double> MeanPlaces(std::span<const std::vector<float>> places,
                               std::span<const std::size_t> runs) {
  std::vector<double> mean(places.front().size());
  for (const std::size_t run : runs) {
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<double>(places[run][i]);
  }
  for (double& place : mean) place /= static_cast<double>(runs.size());
  return mean;
}

}  // namespace

std::vector<double> ScoreTimes(const RandomBaseline& baseline, ScoreKind kind) {
  const double start = baseline.WindowStart(kind);
  const double end = baseline.WindowEnd(kind);
  std::vector<double> times;
  for (std::size_t i = 0; i < kScoreTimes; ++i) {
    times.push_back(std::lerp(start, end, static_cast<double>(i) / (kScoreTimes - 1)));
  }
  return times;
}

std::vector<float> PlacesOf(const RecordedRun& run, const ReplayedSpace& replayed,
                            const RandomBaseline& baseline, std::span<const double> times) {
  std::vector<float> places;
  std::uint64_t best = baseline.times().size() - 1;
  std::size_t next = 0;
  for (const double time : times) {
    for (; next < run.steps.size() && run.steps[next].at_s <= time; ++next) {
      const RecordedTrial& trial = replayed.trial(run.steps[next].rank);
      if (trial.outcome != Outcome::kCorrect) continue;
      best = std::min(best, baseline.PlaceOf(Seconds(trial)));
    }
    places.push_back(static_cast<float>(best));
  }
  return places;
}

Performance PerformanceOf(std::span<const std::vector<float>> places,
                          const RandomBaseline& baseline, ScoreKind kind) {
  FOOTHOLD_CHECK(!places.empty());
  std::vector<double> random;
  for (const double time : ScoreTimes(baseline, kind)) {
    random.push_back(baseline.TimeOfRandomSearch(kind, time));
  }
  std::vector<std::size_t> runs(places.size());
  std::iota(runs.begin(), runs.end(), 0);
  Performance performance;
  performance.score = ScoreOf(MeanPlaces(places, runs), random, baseline);
  Rng rng(kResampleSeed);
  for (std::size_t i = 0; i < kScoreResamples; ++i) {
    for (std::size_t& run : runs) run = rng.Below(places.size());
    performance.resampled.push_back(ScoreOf(MeanPlaces(places, runs), random, baseline));
  }
  return performance;
}

bool CanBeScored(const RandomBaseline& baseline) {
  const auto below_optimum = [&](ScoreKind kind) {
    return baseline.TimeOfRandomSearch(kind, baseline.WindowStart(kind)) > baseline.optimum();
  };
  return below_optimum(ScoreKind::kPublished) && below_optimum(ScoreKind::kValid);
}

Performance MeanPerformance(std::span<const Performance> performances) {
  FOOTHOLD_CHECK(!performances.empty());
  Performance mean;
  mean.resampled.resize(kScoreResamples);
  const auto count = static_cast<double>(performances.size());
  for (const Performance& performance : performances) {
    mean.score += performance.score / count;
    for (std::size_t i = 0; i < kScoreResamples; ++i) {
      mean.resampled[i] += performance.resampled[i] / count;
    }
  }
  return mean;
}

}  // namespace foothold::studies
