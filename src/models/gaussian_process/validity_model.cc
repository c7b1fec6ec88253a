#include "models/gaussian_process/validity_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace foothold::models {
namespace {

/// Rules of hardware are wide planes in the logarithms of the parameters, with sharp edges.
constexpr LengthScalePrior kValidityLengthScales = {.typical = 5, .deviation = 1, .noise = 0.05};
/// Of the probit link: how far from 0 a label must be expected to be sure of the sign.
constexpr double kLinkDeviation = 0.45;
/// How many standard deviations are hoped for (measured: 0.35 to 1,
/// docs/concepts/searcher-foothold.md).
constexpr double kOptimism = 0.6;
/// The deviation of a row takes as many steps as rows are known, squared.
constexpr std::size_t kDeviationSteps = 10'000'000;
constexpr std::size_t kLeastDeviations = 16;
/// Of labels where about a third are valid, squared.
constexpr double kLabelVariance = 0.5;

/// Makes probabilities of labels.
void Link(std::span<double> labels) {
  for (double& p : labels) {
    p = std::clamp(0.5 * std::erfc(-p / kLinkDeviation / std::sqrt(2.0)), 1e-6, 1 - 1e-6);
  }
}

}  // namespace

ValidityModel::ValidityModel(std::size_t columns, PriorMean expected)
    : expected_(std::move(expected)), process_(columns, kValidityLengthScales) {}

void ValidityModel::ObserveValid(std::span<const float> row) {
  ++valid_;
  Observe(row, {true, Outcome::kCorrect, ""});
}

void ValidityModel::ObserveFailure(std::span<const float> row, Outcome outcome,
                                   const std::string& stage) {
  ++stages_[stage];
  Observe(row, {false, outcome, stage});
}

void ValidityModel::Observe(std::span<const float> row, Label label) {
  ++observed_;
  if (labels_.size() == kMaxRows) DropRows();
  if (expected_) {
    FeatureMatrix one(row.size());
    one.Append(row);
    expected_(one, std::span(&label.expected, 1));
  }
  labels_.push_back(std::move(label));
  process_.Append(row);
}

/// Halves the failures, the oldest first, and the valid configs where these are more than half.
void ValidityModel::DropRows() {
  const auto valid = static_cast<std::size_t>(
      std::count_if(labels_.begin(), labels_.end(), [](const Label& l) { return l.valid; }));
  const std::size_t keep_valid = std::min(valid, kMaxRows * 3 / 8);
  const std::size_t keep_failed = std::min(labels_.size() - valid, kMaxRows * 3 / 4 - keep_valid);
  std::size_t drop_valid = valid - keep_valid;
  std::size_t drop_failed = labels_.size() - valid - keep_failed;
  std::vector<std::size_t> kept;
  std::vector<Label> labels;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    std::size_t& drop = labels_[i].valid ? drop_valid : drop_failed;
    if (drop > 0) {
      --drop;
      continue;
    }
    kept.push_back(i);
    labels.push_back(std::move(labels_[i]));
  }
  labels_ = std::move(labels);
  process_.Keep(kept);
}

double ValidityModel::TargetOf(const Label& label) const {
  if (label.valid) return 1;
  if (label.outcome == Outcome::kCorrectness || label.outcome == Outcome::kTimeout) {
    return kNearMiss;
  }
  const auto failures = static_cast<double>(observed_ - valid_);
  const double share = static_cast<double>(stages_.at(label.stage)) / failures;
  const double late = label.outcome == Outcome::kRuntime ? 0.5 : 0.0;
  return -1 + (1 + kNearMiss) * (late + (1 - late) * (1 - share));
}

void ValidityModel::SetTargets() {
  if (told_ == observed_) return;
  told_ = observed_;
  std::vector<double> targets;
  targets.reserve(labels_.size());
  double sum = -1;  // one failure before the first trial
  for (const Label& label : labels_) sum += targets.emplace_back(TargetOf(label));
  const auto count = static_cast<double>(labels_.size());
  if (!expected_) {
    process_.SetTargets(targets, sum / (count + 1));
    return;
  }
  std::vector<double> expected;
  for (const Label& label : labels_) expected.push_back(label.expected);
  trust_ = TrustInPrior(targets, expected, kLabelVariance);
  sum = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i] -= trust_ * expected[i];
    sum += targets[i];
  }
  process_.SetTargets(targets, sum / (count + kPriorCount));
}

void ValidityModel::Labels(const FeatureMatrix& features, std::span<double> labels) {
  SetTargets();
  process_.Predict(features, labels);
  if (!expected_) {
    if (observed_ == 0) std::fill(labels.begin(), labels.end(), -1.0);
    return;
  }
  std::vector<double> expected(labels.size());
  expected_(features, expected);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] += trust_ * expected[i];
}

void ValidityModel::Probabilities(const FeatureMatrix& features, std::span<double> probabilities) {
  Labels(features, probabilities);
  Link(probabilities);
}

void ValidityModel::OptimisticProbabilities(const FeatureMatrix& features,
                                            std::span<double> probabilities) {
  Labels(features, probabilities);
  const std::size_t known = std::max<std::size_t>(1, labels_.size());
  const std::size_t affordable = std::max(kLeastDeviations, kDeviationSteps / (known * known));
  std::vector<std::size_t> likeliest(features.rows());
  std::iota(likeliest.begin(), likeliest.end(), std::size_t{0});
  std::stable_sort(likeliest.begin(), likeliest.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  likeliest.resize(std::min(affordable, likeliest.size()));
  FeatureMatrix rows(features.columns());
  for (const std::size_t i : likeliest) rows.Append(features.row(i));
  std::vector<double> means(rows.rows()), deviations(rows.rows());
  process_.Predict(rows, means, deviations);
  for (std::size_t k = 0; k < likeliest.size(); ++k) {
    probabilities[likeliest[k]] += kOptimism * deviations[k];
  }
  Link(probabilities);
}

}  // namespace foothold::models
