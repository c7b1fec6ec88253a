#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "studies/recorded_spaces/random_baseline.h"
#include "studies/recorded_spaces/recorded_run.h"

namespace foothold::studies {

/// At how many equidistant times of the window a score looks.
inline constexpr std::size_t kScoreTimes = 1000;
/// How often the runs are drawn anew, with replacement, to see how much the score owes to their
/// seeds.
inline constexpr std::size_t kScoreResamples = 200;

/// Those times.
std::vector<double> ScoreTimes(const RandomBaseline& baseline, ScoreKind kind);

/// The place (RandomBaseline::PlaceOf) of a run's best config at each of `times`, which ascend. A
/// run that has found no correct config yet stands at the worst place; a run that ended early keeps
/// its last.
std::vector<float> PlacesOf(const RecordedRun& run, const ReplayedSpace& replayed,
                            const RandomBaseline& baseline, std::span<const double> times);

/// The performance of a searcher on a space: 0 is random search, 1 the optimum from the start.
struct Performance {
  double score = 0;
  /// The same of runs drawn anew, kScoreResamples times.
  std::vector<double> resampled;
};

/// The score of runs with these places, one row per run. REQUIRES: at least one run; random search
/// is not expected to be at the optimum when the window begins (CanBeScored).
Performance PerformanceOf(std::span<const std::vector<float>> places,
                          const RandomBaseline& baseline, ScoreKind kind);

/// Whether the space is large enough for its scores to be defined.
bool CanBeScored(const RandomBaseline& baseline);

/// The mean over spaces, resample by resample. REQUIRES: at least one.
Performance MeanPerformance(std::span<const Performance> performances);

}  // namespace foothold::studies
