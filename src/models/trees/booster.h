#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foothold/status.h"
#include "models/features/feature_matrix.h"

namespace foothold::models {

/// XGBoost's gradient-boosted trees, through its C API. Everything runs on one thread: with more, a
/// ranking model depends on their number, contended cores slow training down a hundredfold, and a
/// forked child hangs. So the same data and the same calls give the same bits.
///
/// Wrong parameters, widths or numbers are bugs of ours and stop the program; only a model that
/// comes from outside can fail.

/// Rows to train on, with one label each. Movable. Must outlive the booster that caches it.
class TrainingSet {
 public:
  /// REQUIRES: rows > 0, one label per row, everything finite.
  TrainingSet(const FeatureMatrix& features, std::span<const float> labels);
  /// The margin that boosting starts from, for each row, instead of the booster's base score.
  /// REQUIRES: one per row, finite; no booster has seen the set yet.
  void SetBaseMargins(std::span<const float> margins);

  std::size_t rows() const { return rows_; }

 private:
  friend class Booster;
  struct Free {
    void operator()(void* handle) const;
  };
  std::size_t rows_ = 0;
  std::unique_ptr<void, Free> handle_;
};

class Booster {
 public:
  /// XGBoost's own names and values: {"max_depth", "3"}. `nthread`, `seed` and `verbosity` are set
  /// already.
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  /// Predictions for `cached` are kept between rounds, so that following them costs one tree a
  /// round. `cached` may be null.
  Booster(const Parameters& parameters, const TrainingSet* cached);

  /// One round of boosting. Rounds count from 0 and must come in order.
  void Train(int round, const TrainingSet& set);
  /// Sums of leaves, before any transformation, one per row; valid until the next call on this
  /// thread.
  std::span<const float> Margins(const TrainingSet& set) const;
  /// The same for rows without labels.
  std::vector<float> Margins(const FeatureMatrix& features) const;
  int rounds() const;

  /// The model as XGBoost's JSON document, without training parameters.
  std::string ToJson() const;
  /// DataLoss when `json` is not a model that XGBoost can read.
  static Result<Booster> FromJson(std::string_view json);

 private:
  struct Free {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Free> handle_;
};

}  // namespace foothold::models
