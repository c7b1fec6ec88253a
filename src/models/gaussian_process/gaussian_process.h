#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "models/features/feature_matrix.h"

namespace foothold::models {

/// Gaussian process regression with a Matern-3/2 kernel of unit amplitude and a length scale for
/// each feature (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006: equations
/// 2.25, 2.26 and 4.17; algorithm 2.1). Rows are added one at a time, which costs O(rows^2);
/// targets may change with every prediction, so that they can be scaled anew.
///
/// Not thread-safe. Deterministic.
class GaussianProcess {
 public:
  /// `length_scales`: one per column of the rows, > 0, in units of the features. `noise`: variance
  /// of a target about the function, > 0.
  GaussianProcess(std::vector<double> length_scales, double noise);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  std::size_t rows() const;
  const std::vector<double>& length_scales() const;
  /// REQUIRES: as wide as there are length scales, finite.
  void Append(std::span<const float> row);
  /// The targets of all rows, in their order; before any prediction. `prior_mean` is what is
  /// expected far from every row. O(rows^2). REQUIRES: one per row.
  void SetTargets(std::span<const double> targets, double prior_mean);

  /// The mean of each row's function value; without rows the prior mean. O(features.rows * rows).
  void Predict(const FeatureMatrix& features, std::span<double> mean) const;
  /// The mean and the standard deviation, which without rows is 1. O(features.rows * rows^2).
  void Predict(const FeatureMatrix& features, std::span<double> mean,
               std::span<double> deviation) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace foothold::models
