#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "model/feature_matrix.h"
#include "model/gaussian_process.h"

namespace foothold {

/// What is known of a program's seconds without running it.
struct TimeBounds {
  double lower = 0;     ///< no run is faster; > 0
  double estimate = 0;  ///< of an analytic model; >= lower
  double serial = 0;    ///< if nothing overlapped; >= lower
};

/// Learns the time of valid configs, by a Gaussian process.
///
/// Where programs come with bounds, it looks at how much a machine of decoupled units fails to
/// overlap, (seconds - lower) / (serial - lower), on a logarithmic scale: 0 for a program that
/// reaches its bound. The analytic estimate is the prior there, and what is learned is its error.
/// Elsewhere it learns the logarithm of the seconds.
class TimeModel {
 public:
  /// Rows that are kept: the fastest, then the latest.
  static constexpr std::size_t kMaxRows = 256;

  explicit TimeModel(std::size_t columns);

  /// The bounds count only if every config observed has some.
  void Observe(std::span<const float> row, double seconds, std::optional<TimeBounds> bounds);

  std::size_t observed() const { return observed_; }
  /// Of the configs observed, the least; infinity before the first.
  double best_seconds() const { return best_seconds_; }
  bool uses_bounds() const { return uses_bounds_; }

  /// For each row a score, higher for what is better to measure next: the logarithm of the expected
  /// improvement of the logarithm of the seconds (Jones, Schonlau and Welch 1998, equation 15).
  /// REQUIRES: !uses_bounds(), two configs observed.
  void LogImprovements(const FeatureMatrix& features, std::span<double> scores);
  /// The same for built programs; kHopeless for one whose bound is no better than best_seconds().
  /// REQUIRES: uses_bounds(), one config observed, bounds for each row.
  void LogImprovements(const FeatureMatrix& features, std::span<const TimeBounds> bounds,
                       std::span<double> scores);
  static constexpr double kHopeless = -1e6;

 private:
  struct Time {
    double seconds = 0;
    std::optional<TimeBounds> bounds;
  };
  void DropRows();
  void SetTargets();

  FeatureMatrix rows_;
  std::vector<Time> times_;
  GaussianProcess process_;
  std::size_t observed_ = 0;
  double best_seconds_;
  bool uses_bounds_ = true;
  double log_mean_ = 0;   ///< of the logarithms of the seconds, without bounds
  double log_scale_ = 1;  ///< their standard deviation
};

}  // namespace foothold
