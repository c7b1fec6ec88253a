#pragma once

#include <cstdint>
#include <vector>

#include "foothold/replayed_space.h"

namespace foothold::studies {

/// Which of the two scores of docs/concepts/performance-score.md.
enum class ScoreKind : std::uint8_t {
  kPublished,  ///< P: the community's, as it is published
  kValid,      ///< P_v: random search pays in full for what fails before it draws something valid
};

/// What the scores need to know of a recorded space: how fast its valid configs are, what trials
/// cost, and how long random search takes.
class RandomBaseline {
 public:
  /// REQUIRES: some config is correct.
  explicit RandomBaseline(const ReplayedSpace& replayed);

  /// Seconds of the correct configs, ascending. A config's place is the number of configs faster
  /// than it: 0 for the optimum.
  const std::vector<double>& times() const { return times_; }
  double optimum() const { return times_.front(); }
  double median() const;
  std::uint64_t configs() const { return configs_; }
  double invalid_share() const;
  double mean_valid_cost() const { return mean_valid_cost_; }
  /// 0 when nothing failed.
  double mean_invalid_cost() const { return mean_invalid_cost_; }

  /// The place of a time that a correct config has. O(log n).
  std::uint64_t PlaceOf(double seconds) const;
  /// The time at a place between 0 and times().size() - 1, linear between two. O(1).
  double TimeAt(double place) const;

  /// Draws of valid configs after which random search is expected to be as good as the median plus
  /// `percentile` of the way from there to the optimum. 0 <= percentile < 1.
  std::uint64_t DrawsTo(double percentile) const;

  /// Seconds that random search is taken to need for a draw of a valid config.
  double SecondsPerDraw(ScoreKind kind) const;
  /// The window of the score: from the seconds that the percentile kStart takes to those of kEnd.
  double WindowStart(ScoreKind kind) const;
  double WindowEnd(ScoreKind kind) const;

  /// The best time that random search is expected to have found by then.
  double TimeOfRandomSearch(ScoreKind kind, double at_s) const;

  static constexpr double kStart = 0.01;
  static constexpr double kEnd = 0.95;

 private:
  double WindowAt(ScoreKind kind, double percentile) const;
  double TimeAfterDraws(ScoreKind kind, double draws) const;

  std::vector<double> times_;
  std::uint64_t configs_ = 0;
  double mean_valid_cost_ = 0;
  double mean_invalid_cost_ = 0;
  double median_cost_ = 0;
};

}  // namespace foothold::studies
