#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "studies/page/page.h"
#include "studies/real_board/fidelity_benchmark.h"
#include "studies/time_to_best/entrants.h"

namespace foothold::studies {

struct BoardReplayOptions {
  std::uint64_t seeds = 20;
  std::uint64_t first_seed = 1;
  std::size_t batch_size = 8;
  MeasuringProtocol protocol;
};

/// What a searcher needed on one layer, with each seed.
struct BoardReplayEntry {
  std::string entrant;
  Knowledge knowledge = Knowledge::kBlind;
  std::vector<std::uint64_t> to_best;  ///< measurements up to and including the best logged config
  std::vector<std::uint64_t> to_5_percent;
};

struct BoardReplayLayer {
  std::string name;
  std::uint64_t configs = 0;  ///< logged ones
  std::uint64_t valid = 0;
  double best_seconds = 0;
  std::vector<BoardReplayEntry> entries;
};

/// The replay of docs/results/protocol.md#a-real-board: searchers on what a real board made of the
/// configs that somebody tried there.
///
/// Nothing else is proposed: the space is the list of them. A measurement gives what the board
/// recorded. Builds, in modes compiler and hardware, tell what did not compile on the board. In
/// mode hardware the template's known constraints are part of the space, and a build also gives the
/// seconds that the simulated machine expects (kEstimateMetric): against a real board, the
/// simulator is prior knowledge. Its constants must not come from these trials.
struct BoardReplay {
  std::string target;
  BoardReplayOptions options;
  std::vector<BoardReplayLayer> layers;  ///< in order of appearance
};

/// Deterministic. InvalidArgument when the machine cannot take a workload, a trial's values are not
/// those of the machine's template, or no trial of a layer was correct.
Result<BoardReplay> ReplayBoard(const vta::VtaMachine& machine,
                                const std::vector<BoardTrial>& trials,
                                const std::vector<Entrant>& entrants,
                                const BoardReplayOptions& options);

/// The page docs/results/generated/board/board.md.
Page ToPage(const BoardReplay& replay);

}  // namespace foothold::studies
