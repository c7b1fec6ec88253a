#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "model/adaptive_process.h"
#include "model/feature_matrix.h"

namespace foothold {

/// What is known of a program's seconds without running it.
struct TimePrior {
  double estimate = 0;  ///< of an analytic model or a simulator; > 0
  // The bounds, where there are any: both or none.
  double lower = 0;   ///< no run is faster; > 0 and <= estimate, or 0: unknown
  double serial = 0;  ///< if nothing overlapped; >= lower

  bool bounded() const { return lower > 0; }
};

/// Learns the time of valid configs, by a Gaussian process.
///
/// Where programs come with an estimate, that is the prior, and what is learned is its error: on a
/// logarithmic scale, or, where the estimate comes with bounds, on the scale of how much a machine
/// of decoupled units fails to overlap, (seconds - lower) / (serial - lower), so that what takes
/// its bound is at 0 whatever its size. Elsewhere it learns the logarithm of the seconds.
class TimeModel {
 public:
  /// Rows that are kept: the fastest, then the latest.
  static constexpr std::size_t kMaxRows = 256;

  explicit TimeModel(std::size_t columns);

  /// What one config's prior lacks, estimate or bounds, counts for none.
  void Observe(std::span<const float> row, double seconds, std::optional<TimePrior> prior);

  std::size_t observed() const { return observed_; }
  /// Of the configs observed, the least; infinity before the first.
  double best_seconds() const { return best_seconds_; }
  /// Every config observed has a prior.
  bool uses_priors() const { return scale_ != Scale::kSeconds; }

  /// For each row a score, higher for what is better to measure next: the logarithm of the expected
  /// improvement of the logarithm of the seconds (Jones, Schonlau and Welch 1998, equation 15).
  /// REQUIRES: !uses_priors(), two configs observed.
  void LogImprovements(const FeatureMatrix& features, std::span<double> scores);
  /// The same for built programs; kHopeless for one whose lower bound is no better than
  /// best_seconds(). REQUIRES: uses_priors(), one config observed, a prior for each row.
  void LogImprovements(const FeatureMatrix& features, std::span<const TimePrior> priors,
                       std::span<double> scores);
  /// For each row the probability that it takes less than `seconds`. REQUIRES: as above.
  void ProbabilitiesBelow(double seconds, const FeatureMatrix& features,
                          std::span<const TimePrior> priors, std::span<double> probabilities);
  static constexpr double kHopeless = -1e6;

 private:
  enum class Scale {
    kOverlap,  ///< error of the estimate, of how much does not overlap
    kError,    ///< logarithm of seconds / estimate
    kSeconds,  ///< logarithm of the seconds
  };
  struct Time {
    double seconds = 0;
    std::optional<TimePrior> prior;
  };
  /// N(mean, deviation) of the logarithm of the seconds, or of the overlap scale.
  struct Expectation {
    double mean = 0;
    double deviation = 1;
  };
  void DropRows();
  void SetTargets();
  double TargetOf(const Time& time) const;
  /// REQUIRES: SetTargets() was called since the last Observe.
  std::vector<Expectation> Expect(const FeatureMatrix& features,
                                  std::span<const TimePrior> priors) const;

  std::vector<Time> times_;
  AdaptiveProcess process_;
  std::size_t observed_ = 0;
  double best_seconds_;
  Scale scale_ = Scale::kOverlap;
  // Targets are told to the process in units of their deviation, about their mean.
  double target_mean_ = 0;
  double target_deviation_ = 1;
};

}  // namespace foothold
