#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "foothold/target.h"
#include "models/features/feature_matrix.h"
#include "models/gaussian_process/adaptive_process.h"
#include "models/gaussian_process/prior_mean.h"

namespace foothold::models {

/// Learns which configs are valid, from the first one on: a Gaussian process regression of labels,
/// 1 for a valid config, and a probit link (Rasmussen and Williams 2006, section 3.9 and 6.5: least
/// squares classification).
///
/// Failures are not all equal. What gets past the steps at which most fail is nearer to a valid
/// config: an invalid config's label is between -1 and kNearMiss, the higher the later its outcome
/// and the rarer its stage. That is the slope to climb while nothing valid is known.
class ValidityModel {
 public:
  /// No failure's label is above this.
  static constexpr double kNearMiss = -0.4;
  /// Rows that are kept: valid configs and recent failures first.
  static constexpr std::size_t kMaxRows = 768;

  /// `expected`: labels that are expected before any trial; it is corrected as trials tell.
  explicit ValidityModel(std::size_t columns, PriorMean expected = {});

  void ObserveValid(std::span<const float> row);
  void ObserveFailure(std::span<const float> row, Outcome outcome, const std::string& stage);

  std::size_t valid() const { return valid_; }
  std::size_t observed() const { return observed_; }
  /// P(valid) of each row, in (0, 1). REQUIRES: one per row.
  void Probabilities(const FeatureMatrix& features, std::span<double> probabilities);
  /// The same while nothing valid is known, when all that is near a failure looks alike: what
  /// little is known of is hoped for (an upper confidence bound: Srinivas et al. 2010). Of the
  /// likeliest rows only, as many as cost no more than a few milliseconds; the others' are as
  /// above.
  void OptimisticProbabilities(const FeatureMatrix& features, std::span<double> probabilities);
  /// The label expected of each row. REQUIRES: as above.
  void Labels(const FeatureMatrix& features, std::span<double> labels);

 private:
  struct Label {
    bool valid = false;
    Outcome outcome = Outcome::kCorrect;
    std::string stage;
    double expected = 0;  ///< before any trial
  };
  void Observe(std::span<const float> row, Label label);
  void DropRows();
  double TargetOf(const Label& label) const;
  void SetTargets();

  PriorMean expected_;
  double trust_ = 1;  ///< in expected_
  std::vector<Label> labels_;
  AdaptiveProcess process_;
  std::map<std::string, std::size_t> stages_;  ///< failures of each
  std::size_t valid_ = 0;
  std::size_t observed_ = 0;
  std::size_t told_ = 0;  ///< observed_ when the targets were last set
};

}  // namespace foothold::models
