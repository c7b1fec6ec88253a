#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/features/feature_matrix.h"
#include "models/gaussian_process/gaussian_process.h"
#include "models/gaussian_process/length_scales.h"

namespace foothold::models {

/// A Gaussian process that keeps its rows and fits its length scales to them, again whenever the
/// rows have become half as many more. Not thread-safe. Deterministic.
class AdaptiveProcess {
 public:
  AdaptiveProcess(std::size_t columns, const LengthScalePrior& prior);

  const FeatureMatrix& rows() const { return rows_; }
  const std::vector<double>& length_scales() const { return process_.length_scales(); }
  void Append(std::span<const float> row);
  /// Forgets all rows but those of these indices, which are in order.
  void Keep(std::span<const std::size_t> indices);
  /// As GaussianProcess::SetTargets; fits the length scales when it is time to.
  void SetTargets(std::span<const double> targets, double prior_mean);
  void Predict(const FeatureMatrix& features, std::span<double> mean) const {
    process_.Predict(features, mean);
  }
  void Predict(const FeatureMatrix& features, std::span<double> mean,
               std::span<double> deviation) const {
    process_.Predict(features, mean, deviation);
  }

 private:
  void Rebuild(std::vector<double> length_scales);
  void Fit(std::span<const double> targets, double prior_mean);

  LengthScalePrior prior_;
  FeatureMatrix rows_;
  GaussianProcess process_;
  std::size_t next_fit_;
};

}  // namespace foothold::models
