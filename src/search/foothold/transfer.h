#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "foothold/searcher.h"
#include "models/features/feature_matrix.h"
#include "models/features/log_features.h"
#include "models/gaussian_process/prior_mean.h"
#include "models/gaussian_process/time_model.h"
#include "models/gaussian_process/validity_model.h"

namespace foothold::search {

/// What earlier runs of other tasks let expect of this one's configs (docs/concepts/transfer.md): a
/// model of validity and one of time over the features that this task's models have, and behind
/// them numbers that describe workload and device, where the tasks differ in them. Times count per
/// operation, so that workloads of different size compare.
class Transfer {
 public:
  /// At most so many runs are learned from: those of the most similar tasks.
  static constexpr std::size_t kMaxRuns = 8;
  /// Configs of all of them together: trials and builds for validity, trials for time.
  static constexpr std::size_t kMaxRows = 384;
  static constexpr std::size_t kMaxTimes = 192;

  /// Learns from those of `problem.earlier_runs` that are of the same operator and whose spaces
  /// have all parameters of this one that leave a choice. `estimates`: whether this task's times
  /// are learned as errors of estimates.
  Transfer(const SearchProblem& problem, bool estimates);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Of these so many are learned from.
  std::size_t runs() const { return runs_.size(); }
  /// For the models of this task, which must not outlive this object; empty when nothing is known.
  models::PriorMean ExpectedLabels() const;
  models::PriorMean ExpectedTimes() const;
  models::TimeModel::Scale time_scale() const {
    return times_ ? times_->scale() : models::TimeModel::Scale::kSeconds;
  }
  /// The fastest config of each run, as the nearest one of this space where that is valid.
  const std::vector<Config>& good_configs() const { return good_; }

 private:
  /// A run that is learned from.
  struct Run {
    const EarlierRun* earlier = nullptr;
    Metrics numbers;  ///< of its workload and device
  };
  /// A feature behind those of the config.
  struct Column {
    enum class Kind { kNumber, kTarget, kParameter };
    Kind kind = Kind::kNumber;
    std::string name;  ///< of a number, or of a parameter that leaves no choice here
    float own = 0;     ///< for this task
  };

  void ChooseRuns(const SearchProblem& problem, const Metrics& own);
  void ChooseColumns(const SearchProblem& problem, const Metrics& own);
  void AddColumn(Column column, const SearchProblem& problem);
  float ValueOf(const Column& column, const Run& run, const Config& config,
                const SearchProblem& problem) const;
  std::vector<float> RowOf(const Run& run, const Config& config,
                           const SearchProblem& problem) const;
  void LearnValidity(const Run& run, const SearchProblem& problem);
  void LearnTimes(const Run& run, bool estimates, const SearchProblem& problem);
  void FindGoodConfig(const EarlierRun& run, const Space& space);
  models::FeatureMatrix Extended(const models::FeatureMatrix& rows) const;

  const models::LogFeatures features_;
  const double log_operations_;
  std::vector<Run> runs_;  ///< nearest first
  std::vector<Column> columns_;
  std::unique_ptr<models::ValidityModel> validity_;
  std::unique_ptr<models::TimeModel> times_;
  std::vector<Config> good_;
};

}  // namespace foothold::search
