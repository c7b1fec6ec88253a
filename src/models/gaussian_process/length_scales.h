#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/features/feature_matrix.h"

namespace foothold::models {

/// What is known of a Gaussian process's length scales before any data: each is about `typical`, up
/// or down by a factor of about exp(`deviation`).
struct LengthScalePrior {
  double typical = 3;    ///< > 0, in units of the features
  double deviation = 1;  ///< > 0, of the logarithm
  double noise = 1e-3;   ///< variance of a target about the function; > 0
};

/// The logarithm of the evidence for the length scales exp(`log_scales`) of a GaussianProcess, up
/// to a constant: of the targets (Rasmussen and Williams 2006, equation 5.8) times the prior.
/// `gradient`, by log_scales, is written unless empty (equation 5.9). O(rows^2 (rows + columns)).
double LogEvidence(const FeatureMatrix& rows, std::span<const double> targets,
                   std::span<const double> log_scales, const LengthScalePrior& prior,
                   std::span<double> gradient);

/// Improves length scales, one per column, by `steps` steps of resilient propagation (Riedmiller
/// and Braun 1993) on the evidence. What a function does not depend on gets a long scale, so that a
/// few configs tell what the others are like (automatic relevance determination). Deterministic.
/// REQUIRES: one target per row, zero mean about the prior mean.
std::vector<double> FitLengthScales(const FeatureMatrix& rows, std::span<const double> targets,
                                    std::vector<double> scales, const LengthScalePrior& prior,
                                    std::size_t steps);

}  // namespace foothold::models
