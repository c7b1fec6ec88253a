#pragma once

#include <limits>
#include <mutex>
#include <optional>

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "measure/repeats.h"
#include "measure/task_over_task.h"

namespace foothold {

/// A task whose times are not exact, run again and again: Run of this is as many runs of that as
/// `rules` ask for. Only the first one verifies the output. A candidate of which a later run fails
/// is one that fails. `task` and `env` must outlive this.
class RepeatingTask final : public TaskOverTask {
 public:
  RepeatingTask(const TargetTask& task, const RepeatRules& rules, Env& env)
      : TaskOverTask(task), rules_(rules), env_(env) {}

  RunResult Run(const Program& program, const RunOptions& options) const override;

 private:
  struct Runs;
  /// The best candidate so far, by median.
  struct Best {
    double median = std::numeric_limits<double>::infinity();
    std::optional<Interval> bounds;
  };

  bool IsEnough(const Runs& runs) const;
  void Learn(const Runs& runs) const;

  const RepeatRules rules_;
  Env& env_;
  mutable std::mutex mutex_;  // guards best_
  mutable Best best_;
};

}  // namespace foothold
