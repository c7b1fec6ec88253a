#include "search/foothold/time_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.h"

namespace foothold {
namespace {

constexpr GaussianProcess::Options kProcess = {.length_scale = 3, .noise = 1e-3};

/// Shares of time not overlapped, on a scale from 0 (none) to 3 (all). Below this share they count
/// as equal.
constexpr double kLeastShare = 1e-3;
/// An analytic estimate is off by about this, on that scale.
constexpr double kEstimateDeviation = 0.7;

double Range(const TimeBounds& bounds) {
  return std::max(bounds.serial - bounds.lower, 1e-6 * bounds.lower);
}
double ToScale(const TimeBounds& bounds, double seconds) {
  const double share = std::clamp((seconds - bounds.lower) / Range(bounds), 0.0, 10.0);
  return std::log10((share + kLeastShare) / kLeastShare);
}
double FromScale(const TimeBounds& bounds, double scale) {
  return bounds.lower + kLeastShare * (std::pow(10.0, scale) - 1) * Range(bounds);
}

double NormalBelow(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
double NormalDensity(double z) {
  constexpr double kInverseSqrtTwoPi = 0.3989422804014327;
  return kInverseSqrtTwoPi * std::exp(-0.5 * z * z);
}

/// The expected improvement on `best` of the logarithm of the seconds of a program that lies at
/// N(mean, deviation) on the scale: what is below 0 is 0, the rest is summed up numerically.
double ExpectedGain(const TimeBounds& bounds, double best, double mean, double deviation) {
  constexpr int kPoints = 16;
  const double worth = ToScale(bounds, best);  // what is above this is no improvement
  double gain = NormalBelow(-mean / deviation) * std::log(best / bounds.lower);
  for (int k = 0; k < kPoints; ++k) {
    const double scale = worth * (k + 0.5) / kPoints;
    gain += NormalDensity((scale - mean) / deviation) / deviation * (worth / kPoints) *
            std::log(best / FromScale(bounds, scale));
  }
  return gain;
}

/// log(E[max(0, z + N(0, 1))]): of the improvement by a value `z` deviations better in the mean.
/// Where that underflows, the tail's expansion.
double LogExpectedGain(double z) {
  if (z < -6) return -0.5 * z * z - 0.9189385 - 2 * std::log(-z);
  return std::log(z * NormalBelow(z) + NormalDensity(z));
}

}  // namespace

TimeModel::TimeModel(std::size_t columns)
    : rows_(columns),
      process_(columns, kProcess),
      best_seconds_(std::numeric_limits<double>::infinity()) {}

void TimeModel::Observe(std::span<const float> row, double seconds,
                        std::optional<TimeBounds> bounds) {
  ++observed_;
  if (!bounds) uses_bounds_ = false;
  best_seconds_ = std::min(best_seconds_, seconds);
  if (times_.size() == kMaxRows) DropRows();
  rows_.Append(row);
  times_.push_back({seconds, bounds});
  process_.Append(row);
}

/// Keeps the fastest half of what may stay, and the latest of the others.
void TimeModel::DropRows() {
  constexpr std::size_t kKept = kMaxRows * 3 / 4;
  std::vector<std::size_t> order(times_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return times_[a].seconds < times_[b].seconds;
  });
  std::sort(order.begin() + kKept / 2, order.end(), std::greater<>());
  order.resize(kKept);
  std::sort(order.begin(), order.end());

  FeatureMatrix rows(rows_.columns());
  std::vector<Time> times;
  GaussianProcess process(rows_.columns(), kProcess);
  for (const std::size_t i : order) {
    rows.Append(rows_.row(i));
    times.push_back(times_[i]);
    process.Append(rows_.row(i));
  }
  rows_ = std::move(rows);
  times_ = std::move(times);
  process_ = std::move(process);
}

void TimeModel::SetTargets() {
  std::vector<double> targets;
  if (uses_bounds_) {
    for (const Time& time : times_) {
      const double error =
          ToScale(*time.bounds, time.seconds) - ToScale(*time.bounds, time.bounds->estimate);
      targets.push_back(error / kEstimateDeviation);
    }
    process_.SetTargets(targets, 0);
    return;
  }
  for (const Time& time : times_) targets.push_back(std::log(time.seconds));
  const auto count = static_cast<double>(targets.size());
  log_mean_ = std::accumulate(targets.begin(), targets.end(), 0.0) / count;
  double variance = 0;
  for (const double t : targets) variance += (t - log_mean_) * (t - log_mean_) / count;
  log_scale_ = std::sqrt(std::max(variance, 1e-12));
  for (double& t : targets) t = (t - log_mean_) / log_scale_;
  process_.SetTargets(targets, 0);
}

void TimeModel::LogImprovements(const FeatureMatrix& features, std::span<double> scores) {
  FOOTHOLD_CHECK(!uses_bounds_ && observed_ >= 2);
  SetTargets();
  std::vector<double> deviations(scores.size());
  process_.Predict(features, scores, deviations);
  const double best = (std::log(best_seconds_) - log_mean_) / log_scale_;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = std::log(deviations[i]) + LogExpectedGain((best - scores[i]) / deviations[i]);
  }
}

void TimeModel::LogImprovements(const FeatureMatrix& features, std::span<const TimeBounds> bounds,
                                std::span<double> scores) {
  FOOTHOLD_CHECK(uses_bounds_ && observed_ >= 1);
  SetTargets();
  std::vector<double> deviations(scores.size());
  process_.Predict(features, scores, deviations);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (bounds[i].lower >= best_seconds_) {
      scores[i] = kHopeless;
      continue;
    }
    const double mean =
        ToScale(bounds[i], bounds[i].estimate) + kEstimateDeviation * scores[i];
    const double gain =
        ExpectedGain(bounds[i], best_seconds_, mean, kEstimateDeviation * deviations[i]);
    scores[i] = std::log(std::max(gain, 1e-300));
  }
}

}  // namespace foothold
