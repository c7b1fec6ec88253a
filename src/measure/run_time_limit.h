#pragma once

#include <optional>

#include "measure/accepted.h"

namespace foothold::measure {

/// How long a run may take: an absolute limit, and, as soon as a candidate is accepted, so many
/// times what a run of the fastest one took from start to end. A run includes what is not the
/// candidate's own time (starting it, copying to the board, repeats), so the limit calibrates
/// itself to all that.
class RunTimeLimit {
 public:
  /// No limit is below this: starting a process may take that long on a busy machine.
  static constexpr double kLeastSeconds = 1;

  /// `times_best` > 1; infinity for no relative limit.
  RunTimeLimit(double absolute_s, double times_best)
      : absolute_s_(absolute_s), times_best_(times_best) {}

  /// `best` may be null: nothing is accepted.
  double Seconds(const Accepted* best) const;
  /// What the time (as in RunResult::seconds) of a candidate is above whose run took longer than
  /// Seconds(best): what surrounds the candidate's own time is taken to be as long as the best
  /// one's. nullopt when that limit is the absolute one, which says nothing about the best.
  std::optional<double> SlowerThan(const Accepted* best) const;

 private:
  double absolute_s_;
  double times_best_;
};

}  // namespace foothold::measure
