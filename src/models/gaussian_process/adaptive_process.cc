#include "models/gaussian_process/adaptive_process.h"

#include <algorithm>
#include <utility>

namespace foothold::models {
namespace {

constexpr std::size_t kFirstFit = 8;
/// Length scales are fitted to so many rows at most, because that costs their cube.
constexpr std::size_t kMaxFitted = 192;
constexpr std::size_t kFitSteps = 12;

}  // namespace

AdaptiveProcess::AdaptiveProcess(std::size_t columns, const LengthScalePrior& prior)
    : prior_(prior),
      rows_(columns),
      process_(std::vector<double>(columns, prior.typical), prior.noise),
      next_fit_(kFirstFit) {}

void AdaptiveProcess::Append(std::span<const float> row) {
  rows_.Append(row);
  process_.Append(row);
}

void AdaptiveProcess::Rebuild(std::vector<double> length_scales) {
  process_ = GaussianProcess(std::move(length_scales), prior_.noise);
  for (std::size_t i = 0; i < rows_.rows(); ++i) process_.Append(rows_.row(i));
}

void AdaptiveProcess::Keep(std::span<const std::size_t> indices) {
  FeatureMatrix kept(rows_.columns());
  for (const std::size_t i : indices) kept.Append(rows_.row(i));
  rows_ = std::move(kept);
  Rebuild(process_.length_scales());
}

void AdaptiveProcess::SetTargets(std::span<const double> targets, double prior_mean) {
  if (rows_.rows() >= next_fit_) {
    Fit(targets, prior_mean);
    next_fit_ = rows_.rows() + rows_.rows() / 4;
  }
  process_.SetTargets(targets, prior_mean);
}

void AdaptiveProcess::Fit(std::span<const double> targets, double prior_mean) {
  const std::size_t count = std::min(rows_.rows(), kMaxFitted);
  FeatureMatrix rows(rows_.columns());
  std::vector<double> fitted;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t i = rows_.rows() - 1 - k * rows_.rows() / count;
    rows.Append(rows_.row(i));
    fitted.push_back(targets[i] - prior_mean);
  }
  Rebuild(FitLengthScales(rows, fitted, process_.length_scales(), prior_, kFitSteps));
}

}  // namespace foothold::models
