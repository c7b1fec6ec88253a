#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/export.h"
#include "foothold/recorded_space.h"
#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold {

/// A recorded space in a form that searchers can work on: a Space whose valid configs are those
/// that were recorded, and what became of each.
///
/// A parameter of whole numbers keeps its values. Any other - texts, truth values, fractions - has
/// the places of its values, 0, 1, ..., in the file's order instead. Immutable; const functions are
/// thread-safe.
class FOOTHOLD_EXPORT ReplayedSpace {
 public:
  /// InvalidArgument, naming `path`, when nothing was recorded, when the objective is not a time,
  /// or when the parameters are not those of a Space. Of a config that is there twice, the last
  /// trial counts.
  static Result<ReplayedSpace> Create(RecordedSpace recorded, std::string_view path);

  /// With one constraint: the config was recorded.
  const Space& space() const { return space_; }
  const RecordedSpace& recorded() const { return recorded_; }

  /// By Space::Rank: from 0 to space().valid_count() - 1.
  const RecordedTrial& trial(std::uint64_t rank) const {
    return recorded_.trials[trial_of_rank_[rank]];
  }
  /// REQUIRES: space().IsValid(config).
  const RecordedTrial& trial(const Config& config) const { return trial(*space_.Rank(config)); }

  /// Seconds of the recorded tuning that one of the trials took: compiling, verifying, measuring,
  /// the searcher and the rest of the tuner. In a file that says of no trial how long measuring
  /// took, that is the sum of the trial's times.
  double TrialCost(const RecordedTrial& trial) const;

  /// The file's own value of a parameter: "16", "0.5", "True", "left".
  std::string ValueText(std::size_t parameter, const Config& config) const;
  /// "block_size_x=16 mode=left", with those values.
  std::string ToString(const Config& config) const;

 private:
  ReplayedSpace(RecordedSpace recorded, Space space, std::vector<std::size_t> trial_of_rank);

  RecordedSpace recorded_;
  Space space_;
  std::vector<std::size_t> trial_of_rank_;
  bool has_benchmark_times_;
};

/// The candidate was compiled, whatever came of it afterwards.
FOOTHOLD_EXPORT bool WasBuilt(const RecordedTrial& trial);
/// The candidate's time: the objective, in seconds. REQUIRES: trial.outcome == kCorrect.
FOOTHOLD_EXPORT double Seconds(const RecordedTrial& trial);
/// Seconds of the recorded tuning that compiling the candidate took.
FOOTHOLD_EXPORT double BuildCost(const RecordedTrial& trial);

/// The target "replay:<path>" for a file in any of the formats that ReadRecordedSpace takes. It
/// answers as the recorded tuner did, and takes the workload kernel:NAME, NAME being the file's
/// kernel; any kernel, when the file names none; and only the recorded convolution or dense layer,
/// when Foothold recorded it. A recorded time longer than RunOptions::timeout_s is a kTimeout.
/// Metrics of a run hold "recorded_cost_s", ReplayedSpace::TrialCost. Errors: those of
/// ReadRecordedSpace and ReplayedSpace::Create.
FOOTHOLD_EXPORT Result<std::unique_ptr<Target>> MakeRecordedTarget(Env& env,
                                                                   const std::string& path);

}  // namespace foothold
