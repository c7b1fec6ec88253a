#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "foothold/replayed_space.h"
#include "foothold/searcher.h"

namespace foothold::studies {

/// One trial of a run on a recorded space.
struct RecordedStep {
  std::uint64_t rank = 0;  ///< of the config, by Space::Rank
  double at_s = 0;         ///< recorded seconds of tuning, when this trial is done
};

/// What a searcher did on a recorded space.
struct RecordedRun {
  std::vector<RecordedStep> steps;
  double search_s = 0;  ///< CPU seconds of the searcher itself; no part of at_s
};

/// Runs a searcher by the tuner's loop (tune/loop.h) on what is recorded of every config until
/// `stop_s` recorded seconds are spent - the trial that crosses it is the last - or nothing is left
/// to propose. A trial costs what it cost the recorded tuner (TrialCost); a build without a run
/// costs BuildCost, and is paid only once when the config is measured later. The searcher's own
/// time is not charged, so that the steps are a function of the searcher alone. REQUIRES: the
/// searcher was made for replayed.space(); batch_size > 0.
RecordedRun RunOnRecorded(Searcher& searcher, Knowledge knowledge, const ReplayedSpace& replayed,
                          double stop_s, std::size_t batch_size);

}  // namespace foothold::studies
