#include "models/gaussian_process/time_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"

namespace foothold::models {
namespace {

constexpr LengthScalePrior kTimeLengthScales = {.typical = 3, .deviation = 1, .noise = 1e-3};

/// Shares of time not overlapped, on a scale from 0 (none) to 3 (all). Below this share they count
/// as equal.
constexpr double kLeastShare = 1e-3;
/// An analytic estimate with bounds is off by about this, on that scale.
constexpr double kOverlapDeviation = 0.7;
/// One without bounds is off by about this, on the scale of natural logarithms, until the first
/// errors are seen.
constexpr double kErrorDeviation = 0.3;
/// Times that other workloads let expect are off by about this, likewise.
constexpr double kExpectedDeviation = 0.5;

/// Shorter times have no logarithm.
constexpr double kLeastSeconds = std::numeric_limits<double>::denorm_min();

double Range(const TimePrior& prior) {
  return std::max(prior.serial - prior.lower, 1e-6 * prior.lower);
}
/// Seconds that a model may promise: between these, nothing overflows.
bool IsUsable(double seconds) { return seconds > 1e-30 && seconds < 1e30; }
double ToScale(const TimePrior& prior, double seconds) {
  const double share = std::clamp((seconds - prior.lower) / Range(prior), 0.0, 10.0);
  return std::log10((share + kLeastShare) / kLeastShare);
}
double FromScale(const TimePrior& prior, double scale) {
  return prior.lower + kLeastShare * (std::pow(10.0, scale) - 1) * Range(prior);
}

double NormalBelow(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
double NormalDensity(double z) {
  constexpr double kInverseSqrtTwoPi = 0.3989422804014327;
  return kInverseSqrtTwoPi * std::exp(-0.5 * z * z);
}

/// The expected improvement on `best` of the logarithm of the seconds of a program that lies at
/// N(mean, deviation) on the scale: what is below 0 is 0, the rest is summed up numerically.
double ExpectedGain(const TimePrior& prior, double best, double mean, double deviation) {
  constexpr int kPoints = 16;
  const double worth = ToScale(prior, best);  // what is above this is no improvement
  const double log_best = std::log(best);
  double gain = NormalBelow(-mean / deviation) * (log_best - std::log(prior.lower));
  for (int k = 0; k < kPoints; ++k) {
    const double scale = worth * (k + 0.5) / kPoints;
    gain += NormalDensity((scale - mean) / deviation) / deviation * (worth / kPoints) *
            (log_best - std::log(FromScale(prior, scale)));
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

std::optional<TimePrior> TimePriorOf(const Metrics& metrics) {
  const auto get = [&metrics](const char* name) {
    const auto found = metrics.find(name);
    return found == metrics.end() ? 0.0 : found->second;
  };
  TimePrior prior = {get(kEstimateMetric), get(kLowerBoundMetric), get(kSerialMetric)};
  if (!IsUsable(prior.estimate)) return std::nullopt;
  if (!IsUsable(prior.lower) || !IsUsable(prior.serial)) return TimePrior{prior.estimate};
  prior.estimate = std::max(prior.estimate, prior.lower);
  prior.serial = std::max(prior.serial, prior.lower);
  return prior;
}

TimeModel::TimeModel(std::size_t columns, bool estimates, PriorMean expected, Scale expected_scale)
    : expected_(std::move(expected)),
      expected_scale_(expected_scale),
      process_(columns, kTimeLengthScales),
      best_seconds_(std::numeric_limits<double>::infinity()),
      scale_(estimates ? Scale::kOverlap : Scale::kSeconds) {}

void TimeModel::Observe(std::span<const float> row, double seconds,
                        std::optional<TimePrior> prior) {
  ++observed_;
  seconds = std::max(seconds, kLeastSeconds);
  best_seconds_ = std::min(best_seconds_, seconds);
  Add(row, {seconds, prior, 0, false});
}

void TimeModel::ObserveSlower(std::span<const float> row, double seconds,
                              std::optional<TimePrior> prior) {
  Add(row, {std::max(seconds, kLeastSeconds), prior, 0, true});
}

void TimeModel::Retract(std::span<const float> row) {
  std::vector<std::size_t> kept;
  std::vector<Time> times;
  best_seconds_ = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < times_.size(); ++i) {
    const auto known = process_.rows().row(i);
    if (!times_[i].is_bound && std::equal(known.begin(), known.end(), row.begin(), row.end())) {
      continue;
    }
    if (!times_[i].is_bound) best_seconds_ = std::min(best_seconds_, times_[i].seconds);
    kept.push_back(i);
    times.push_back(times_[i]);
  }
  observed_ -= times_.size() - times.size();
  times_ = std::move(times);
  process_.Keep(kept);
}

void TimeModel::Add(std::span<const float> row, Time time) {
  if (!time.prior) {
    scale_ = Scale::kSeconds;
  } else if (!time.prior->bounded() && scale_ == Scale::kOverlap) {
    scale_ = Scale::kError;
  }
  if (times_.size() == kMaxRows) DropRows();
  if (UsesExpected()) {
    FeatureMatrix one(row.size());
    one.Append(row);
    expected_(one, std::span(&time.expected, 1));
  }
  times_.push_back(time);
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

  std::vector<Time> times;
  for (const std::size_t i : order) times.push_back(times_[i]);
  times_ = std::move(times);
  process_.Keep(order);
}

double TimeModel::TargetOf(const Time& time) const {
  double target = std::log(time.seconds);
  std::optional<double> expected;
  if (scale_ == Scale::kOverlap) {
    target = ToScale(*time.prior, time.seconds) - ToScale(*time.prior, time.prior->estimate);
    expected = 0;
  } else if (scale_ == Scale::kError) {
    target -= std::log(time.prior->estimate);
    expected = 0;
  }
  if (UsesExpected()) expected = time.expected;
  return time.is_bound && expected ? std::max(target, *expected) : target;
}

void TimeModel::SubtractExpected(std::vector<double>& targets) {
  std::vector<double> expected;
  for (const Time& time : times_) expected.push_back(time.expected);
  const double variance = scale_ == Scale::kOverlap ? kOverlapDeviation * kOverlapDeviation
                                                    : kExpectedDeviation * kExpectedDeviation;
  trust_ = TrustInPrior(targets, expected, variance);
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] -= trust_ * expected[i];
}

void TimeModel::SetTargets() {
  std::vector<double> targets;
  for (const Time& time : times_) targets.push_back(TargetOf(time));
  if (UsesExpected()) SubtractExpected(targets);
  const auto count = static_cast<double>(targets.size());
  double squares = 0;
  switch (scale_) {
    case Scale::kOverlap:
      target_deviation_ = kOverlapDeviation;
      break;
    case Scale::kError:
      for (const double t : targets) squares += t * t;
      target_deviation_ = std::sqrt((kErrorDeviation * kErrorDeviation + squares) / (1 + count));
      break;
    case Scale::kSeconds:
      target_mean_ = std::accumulate(targets.begin(), targets.end(), 0.0) / std::max(count, 1.0);
      for (const double t : targets) squares += (t - target_mean_) * (t - target_mean_);
      if (UsesExpected()) {
        squares += kPriorCount * kExpectedDeviation * kExpectedDeviation;
        target_deviation_ = std::sqrt(squares / (count + kPriorCount));
      } else {
        target_deviation_ = std::sqrt(std::max(squares / count, 1e-12));
      }
      break;
  }
  for (double& t : targets) t = (t - target_mean_) / target_deviation_;
  process_.SetTargets(targets, 0);
}

void TimeModel::LogImprovements(const FeatureMatrix& features, std::span<double> scores) {
  FOOTHOLD_CHECK(can_score());
  SetTargets();
  std::vector<double> deviations(scores.size());
  Predict(features, scores, deviations);
  if (observed_ == 0) {
    const double least = *std::min_element(scores.begin(), scores.end());
    for (double& score : scores) score = (least - score) / target_deviation_;
    return;
  }
  const double best = std::log(best_seconds_);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    // In units of the deviation of the times, so that scores mean the same on every workload.
    scores[i] = std::log(deviations[i] / target_deviation_) +
                LogExpectedGain((best - scores[i]) / deviations[i]);
  }
}

void TimeModel::Predict(const FeatureMatrix& features, std::span<double> means,
                        std::span<double> deviations) const {
  process_.Predict(features, means, deviations);
  std::vector<double> expected(means.size(), 0.0);
  if (UsesExpected()) expected_(features, expected);
  for (std::size_t i = 0; i < means.size(); ++i) {
    means[i] = target_mean_ + target_deviation_ * means[i] + trust_ * expected[i];
    deviations[i] *= target_deviation_;
  }
}

void TimeModel::Expected(const FeatureMatrix& features, std::span<double> means) {
  FOOTHOLD_CHECK(observed_ >= 1);
  SetTargets();
  std::vector<double> deviations(means.size());
  Predict(features, means, deviations);
}

std::vector<TimeModel::Expectation> TimeModel::Expect(const FeatureMatrix& features,
                                                      std::span<const TimePrior> priors) const {
  std::vector<double> means(priors.size()), deviations(priors.size());
  Predict(features, means, deviations);
  std::vector<Expectation> expected;
  for (std::size_t i = 0; i < priors.size(); ++i) {
    const TimePrior& prior = priors[i];
    const double centre =
        scale_ == Scale::kOverlap ? ToScale(prior, prior.estimate) : std::log(prior.estimate);
    expected.push_back({centre + means[i], deviations[i]});
  }
  return expected;
}

void TimeModel::LogImprovements(const FeatureMatrix& features, std::span<const TimePrior> priors,
                                std::span<double> scores) {
  FOOTHOLD_CHECK(uses_priors() && observed_ >= 1);
  SetTargets();
  const std::vector<Expectation> expected = Expect(features, priors);
  const double log_best = std::log(best_seconds_);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto [mean, deviation] = expected[i];
    if (priors[i].bounded() && priors[i].lower >= best_seconds_) {
      scores[i] = kCannotWin;
    } else if (scale_ == Scale::kOverlap) {
      const double gain = ExpectedGain(priors[i], best_seconds_, mean, deviation);
      scores[i] = std::log(std::max(gain, 1e-300));
    } else {
      scores[i] = std::log(deviation) + LogExpectedGain((log_best - mean) / deviation);
    }
  }
}

void TimeModel::ProbabilitiesBelow(double seconds, const FeatureMatrix& features,
                                   std::span<const TimePrior> priors,
                                   std::span<double> probabilities) {
  FOOTHOLD_CHECK(uses_priors() && observed_ >= 1);
  SetTargets();
  const std::vector<Expectation> expected = Expect(features, priors);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const auto [mean, deviation] = expected[i];
    if (priors[i].bounded() && priors[i].lower >= seconds) {
      probabilities[i] = 0;
    } else {
      const double limit =
          scale_ == Scale::kOverlap ? ToScale(priors[i], seconds) : std::log(seconds);
      probabilities[i] = NormalBelow((limit - mean) / deviation);
    }
  }
}

}  // namespace foothold::models
