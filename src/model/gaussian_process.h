#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "model/feature_matrix.h"

namespace foothold {

/// Gaussian process regression with a Matern-3/2 kernel of unit amplitude and one length scale for
/// all features (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006: equations
/// 2.25, 2.26 and 4.17; algorithm 2.1). Rows are added one at a time, which costs O(rows^2); targets
/// may change with every prediction, so that they can be scaled anew.
///
/// Features should be of the same order of magnitude. Not thread-safe. Deterministic.
class GaussianProcess {
 public:
  struct Options {
    double length_scale = 3;  ///< > 0, in units of the features
    double noise = 1e-3;      ///< variance of a target about the function; > 0
  };
  GaussianProcess(std::size_t columns, const Options& options);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;
  GaussianProcess& operator=(GaussianProcess&&) noexcept;

  std::size_t rows() const;
  /// REQUIRES: as wide as `columns`, finite.
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

}  // namespace foothold
