#pragma once

#include <functional>
#include <span>

#include "models/features/feature_matrix.h"

namespace foothold::models {

/// What is expected of configs before anything was observed of them; one number for each row.
/// Empty: nothing.
using PriorMean = std::function<void(const FeatureMatrix& rows, std::span<double> means)>;

/// How far to trust a prior mean: the slope of `targets` on `expected`, from 0 to 1, with
/// kPriorCount observations in its favour (ridge regression towards 1). A prior that tells nothing
/// of what was observed so fades, and leaves a model as if there were none. REQUIRES: as many of
/// each; `variance` > 0: that of a prior mean worth having.
double TrustInPrior(std::span<const double> targets, std::span<const double> expected,
                    double variance);
inline constexpr double kPriorCount = 4;

}  // namespace foothold::models
