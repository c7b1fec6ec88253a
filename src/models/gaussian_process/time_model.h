#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "foothold/target.h"
#include "models/features/feature_matrix.h"
#include "models/gaussian_process/adaptive_process.h"
#include "models/gaussian_process/prior_mean.h"

namespace foothold::models {

/// What is known of a program's seconds without running it.
struct TimePrior {
  double estimate = 0;  ///< of an analytic model or a simulator; > 0
  // The bounds, where there are any: both or none.
  double lower = 0;   ///< no run is faster; > 0 and <= estimate, or 0: unknown
  double serial = 0;  ///< if nothing overlapped; >= lower

  bool bounded() const { return lower > 0; }
};

/// What a built program's metrics promise (kEstimateMetric, kLowerBoundMetric, kSerialMetric);
/// nullopt without an estimate.
std::optional<TimePrior> TimePriorOf(const Metrics& metrics);

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

  /// On what scale times are learned.
  enum class Scale {
    kOverlap,  ///< error of the estimate, of how much does not overlap
    kError,    ///< logarithm of seconds / estimate
    kSeconds,  ///< logarithm of the seconds
  };

  /// `expected`: what is expected on `expected_scale` before any trial; it is corrected as trials
  /// tell, and not used on another scale. Without estimates the scale is kSeconds from the first.
  explicit TimeModel(std::size_t columns, bool estimates = true, PriorMean expected = {},
                     Scale expected_scale = Scale::kOverlap);

  /// What one config's prior lacks, estimate or bounds, counts for none.
  void Observe(std::span<const float> row, double seconds, std::optional<TimePrior> prior);
  /// A valid config takes more than `seconds`, nobody knows by how much. It is taken for the bound,
  /// or for what is expected of it without a trial where that is more; and it is not `observed()`.
  void ObserveSlower(std::span<const float> row, double seconds, std::optional<TimePrior> prior);

  /// The config of this row, which was observed, turned out to have no time: forgets it. Does
  /// nothing when the row is not kept any more.
  void Retract(std::span<const float> row);

  std::size_t observed() const { return observed_; }
  /// Of the configs observed, the least; infinity before the first.
  double best_seconds() const { return best_seconds_; }
  /// Every config observed has a prior.
  bool uses_priors() const { return scale_ != Scale::kSeconds; }
  Scale scale() const { return scale_; }
  /// Whether the first of LogImprovements can be asked.
  bool can_score() const { return !uses_priors() && (observed_ >= 2 || UsesExpected()); }

  /// For each row a score, higher for what is better to measure next: the logarithm of the expected
  /// improvement of the logarithm of the seconds (Jones, Schonlau and Welch 1998, equation 15);
  /// before the first trial, minus the deviations by which it is slower than the fastest expected.
  /// REQUIRES: can_score().
  void LogImprovements(const FeatureMatrix& features, std::span<double> scores);
  /// In which unit of the logarithm of the seconds the last of these improvements were.
  double gain_unit() const { return target_deviation_; }
  /// The same for built programs; kCannotWin for one whose lower bound is no better than
  /// best_seconds(). REQUIRES: uses_priors(), one config observed, a prior for each row.
  void LogImprovements(const FeatureMatrix& features, std::span<const TimePrior> priors,
                       std::span<double> scores);
  /// For each row the probability that it takes less than `seconds`. REQUIRES: as above.
  void ProbabilitiesBelow(double seconds, const FeatureMatrix& features,
                          std::span<const TimePrior> priors, std::span<double> probabilities);
  static constexpr double kCannotWin = -1e6;
  /// What is expected of each row on scale(): its seconds' logarithm, or its estimate's error.
  /// REQUIRES: one per row, one config observed.
  void Expected(const FeatureMatrix& features, std::span<double> means);

 private:
  struct Time {
    double seconds = 0;
    std::optional<TimePrior> prior;
    double expected = 0;    ///< before any trial
    bool is_bound = false;  ///< it takes longer
  };
  /// N(mean, deviation) of the logarithm of the seconds, or of the overlap scale.
  struct Expectation {
    double mean = 0;
    double deviation = 1;
  };
  void Add(std::span<const float> row, Time time);
  void DropRows();
  void SetTargets();
  double TargetOf(const Time& time) const;
  bool UsesExpected() const { return expected_ && scale_ == expected_scale_; }
  void SubtractExpected(std::vector<double>& targets);
  /// The process's mean and deviation for each row, on scale_.
  void Predict(const FeatureMatrix& features, std::span<double> means,
               std::span<double> deviations) const;
  /// REQUIRES: SetTargets() was called since the last Observe.
  std::vector<Expectation> Expect(const FeatureMatrix& features,
                                  std::span<const TimePrior> priors) const;

  PriorMean expected_;
  Scale expected_scale_;
  double trust_ = 1;  ///< in expected_
  std::vector<Time> times_;
  AdaptiveProcess process_;
  std::size_t observed_ = 0;
  double best_seconds_;
  Scale scale_;
  // Targets are told to the process in units of their deviation, about their mean.
  double target_mean_ = 0;
  double target_deviation_ = 1;
};

}  // namespace foothold::models
