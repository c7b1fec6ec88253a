#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/searcher.h"
#include "studies/page/page.h"
#include "studies/recorded_spaces/performance.h"
#include "studies/runs/run_all.h"

namespace foothold::studies {

/// The benchmark of docs/results/protocol.md#recorded-spaces: searchers on spaces that the
/// community recorded.

struct SpacesOptions {
  std::uint64_t seeds = 100;
  std::uint64_t first_seed = 1;
  std::size_t batch_size = 8;
  Knowledge knowledge = Knowledge::kBlind;
  int jobs = 0;  ///< threads; 0: one per core. Never changes what is measured
};

/// A recorded space with its baseline.
struct BenchmarkSpace {
  std::string name;  ///< the file's, without folder and endings
  ReplayedSpace replayed;
  RandomBaseline baseline;
};

struct BenchmarkSpaces {
  std::vector<BenchmarkSpace> spaces;
  /// Files that say the same as an earlier one, a sentence each: they would count twice.
  std::vector<std::string> left_out;
};

/// Reads the files. Errors: those of ReadRecordedSpace and ReplayedSpace::Create; InvalidArgument
/// when a space has no correct config, or too few for a score.
Result<BenchmarkSpaces> ReadBenchmarkSpaces(Env& env, const std::vector<std::string>& paths);

/// What is kept of one run. It lasts as long as the longer of the two scores' windows.
struct SpaceRun {
  std::uint64_t trials = 0;
  std::uint64_t failed = 0;      ///< of those, trials that were not correct
  double tuning_s = 0;           ///< recorded seconds, builds without a run included
  double failed_s = 0;           ///< of those, for trials that were not correct
  double best_s = 0;             ///< the fastest correct config's time; 0: none was found
  std::uint64_t best_place = 0;  ///< RandomBaseline::PlaceOf of it; 0 is the optimum
  double search_s = 0;           ///< CPU seconds of the searcher
};

/// All runs of one searcher on one space.
struct SpaceEntry {
  std::string searcher;
  Performance published;       ///< P
  Performance valid;           ///< P_v
  std::vector<SpaceRun> runs;  ///< by seed
};

struct ScoredSpace {
  std::string name;
  std::string device;
  std::string kernel;
  std::uint64_t configs = 0;
  std::uint64_t correct = 0;
  std::map<Outcome, std::uint64_t> outcomes;
  double optimum_s = 0;
  double median_s = 0;
  std::uint64_t draws = 0;  ///< of valid configs, in the window
  double mean_valid_cost_s = 0;
  double mean_invalid_cost_s = 0;
  double window_s = 0;              ///< the end of P's window
  double valid_window_s = 0;        ///< of P_v's
  std::vector<SpaceEntry> entries;  ///< in the searchers' order
};

struct SpacesResult {
  SpacesOptions options;
  std::vector<std::string> searchers;
  std::vector<std::string> left_out;
  std::vector<ScoredSpace> spaces;

  /// A searcher's scores, mean over the spaces. REQUIRES: searcher < searchers.size().
  Performance MeanPublished(std::size_t searcher) const;
  Performance MeanValid(std::size_t searcher) const;
};

/// Runs each searcher with each seed on each space. `on_run` is told of each. Scores and trials are
/// a function of spaces, searchers, seeds, batch size and knowledge. NotFound for an unknown
/// searcher; nullopt when `interrupt` turned true. REQUIRES: seeds and batch_size > 0, at least one
/// space and searcher.
Result<std::optional<SpacesResult>> RunSpacesBenchmark(const BenchmarkSpaces& spaces,
                                                       const std::vector<std::string>& searchers,
                                                       const SpacesOptions& options,
                                                       const OnRun& on_run,
                                                       const std::atomic<bool>& interrupt);

/// The page docs/results/generated/spaces/spaces.md.
Page ToPage(const SpacesResult& result);

}  // namespace foothold::studies
