#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/record.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "foothold/tuner.h"

namespace foothold {

struct StudyOptions {
  std::string name = "study";  ///< of what is tuned: one line of 1 to 200 bytes
  std::string searcher = "foothold";
  std::uint64_t seed = 1;
  /// What Tell is given. nullopt: a time in seconds, the shorter the better.
  std::optional<Objective> objective = {};
  Resume resume = Resume::kUnchanged;
  /// What the values told depend on: a change begins a new run in the log.
  Dependencies dependencies = {};
  /// Ask again for configs that were under way when the process of the study died. Otherwise they
  /// are recorded as failed, as they may have been the cause.
  bool retry_unfinished = false;
};

/// A config that somebody evaluates.
struct StudyTrial {
  std::uint64_t number = 0;  ///< 0, 1, 2, ... in the order of the asks of this Study
  Config config;
};

/// Ask and tell: a searcher and its record log without a loop, for callers that evaluate configs
/// themselves, in whatever order, on whatever threads or machines. What Ask gives out and Tell
/// never answers is withdrawn when the study ends.
///
/// The log is an ordinary record log of the target "study". Its trials are numbered in the order in
/// which they were told. A study that is opened on it again learns from all of them; it need not
/// propose what an uninterrupted one would have.
///
/// Thread-safe. Deterministic: the same sequence of calls on a new study gives the same trials.
class FOOTHOLD_EXPORT Study {
 public:
  /// An empty `log_path` keeps everything in memory. InvalidArgument for a bad name, a name of an
  /// objective that is empty, and an option that is out of range; NotFound for an unknown searcher;
  /// Unavailable when another tuner has the log; and the errors of reading it.
  static Result<std::unique_ptr<Study>> Open(Space space, const StudyOptions& options,
                                             const std::string& log_path = {},
                                             Env& env = *Env::Default());
  ~Study();
  Study(const Study&) = delete;
  Study& operator=(const Study&) = delete;

  /// The next config to evaluate, none that was given out or told before; nullopt when there is
  /// none left. A log has it before this returns.
  Result<std::optional<StudyTrial>> Ask();
  /// The same with a config of the caller's choice: one to try first, or one whose result is known
  /// already. It may have been told before. REQUIRES: the space contains it; it need not be valid.
  Result<StudyTrial> AskFor(const Config& config);

  /// The value of a trial, with other numbers about it. InvalidArgument when no trial of this
  /// number is under way, when a value is not finite, when a time is not above 0, and when
  /// `metrics` names the objective.
  Status Tell(std::uint64_t number, double value, const Metrics& metrics = {});
  /// The trial failed. REQUIRES: IsFailure(failure.outcome).
  Status TellFailed(std::uint64_t number, const Failure& failure);
  /// Nobody evaluates the trial any more: the next Ask gives its config out again.
  Status Withdraw(std::uint64_t number);

  const Space& space() const;
  const StudyOptions& options() const;
  /// How the study began; its log is empty for one in memory.
  const RunStart& start() const;

  /// What was told, the log's earlier trials first.
  std::vector<Measurement> trials() const;
  std::uint64_t trial_count() const;
  /// The trials that are under way, by number.
  std::vector<StudyTrial> pending() const;
  /// The trial with the best value, the earliest of equals; nullopt while nothing is correct.
  std::optional<Measurement> best() const;
  /// Of a correct trial. REQUIRES: measurement.outcome() == kCorrect.
  double ValueOf(const Measurement& measurement) const;

 private:
  class Impl;
  explicit Study(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace foothold
