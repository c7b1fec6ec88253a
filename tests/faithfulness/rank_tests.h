#pragma once

#include <span>

namespace foothold {

// Do two samples of trials come from one distribution? Both tests give the two-sided p-value of the
// hypothesis that they do, by the normal approximation.

/// Mann and Whitney's test (1947), corrected for ties.
double MannWhitneyP(std::span<const double> a, std::span<const double> b);

/// The log-rank test (Mantel 1966). Values of `limit` and above were not seen to end: they count as
/// still running at every time before it.
double LogRankP(std::span<const double> a, std::span<const double> b, double limit);

}  // namespace foothold
