#pragma once

#include <limits>

namespace foothold {

/// How long a run may take: an absolute limit, and, as soon as there is a correct candidate, so
/// many times what the run of the fastest one took from start to end. A run includes what is not
/// the candidate's own time (starting it, copying to the board, repeats), so the limit calibrates
/// itself to all that. Not thread-safe.
class RunTimeLimit {
 public:
  /// No limit is below this: starting a process may take that long on a busy machine.
  static constexpr double kLeastSeconds = 1;

  /// `times_best` > 1; infinity for no relative limit.
  RunTimeLimit(double absolute_s, double times_best)
      : absolute_s_(absolute_s), times_best_(times_best) {}

  double seconds() const;
  /// Whether seconds() is less than the absolute limit.
  bool is_relative() const { return seconds() < absolute_s_; }
  double times_best() const { return times_best_; }

  /// A run was correct: its figure of merit, and the wall seconds it took. Both > 0.
  void Observe(double seconds, double wall_seconds);

 private:
  double absolute_s_;
  double times_best_;
  double best_ = std::numeric_limits<double>::infinity();
  double best_wall_ = std::numeric_limits<double>::infinity();
};

}  // namespace foothold
