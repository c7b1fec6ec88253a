#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "studies/page/page.h"
#include "studies/runs/run_all.h"
#include "studies/synthetic_spaces/synthetic_space.h"
#include "studies/time_to_best/entrants.h"

namespace foothold::studies {

/// The study of docs/results/protocol.md#synthetic-spaces: searchers in mode blind on spaces whose
/// validity and times are formulas.

struct SyntheticOptions {
  std::uint64_t seeds = 15;
  std::uint64_t first_seed = 1;
  std::uint64_t trials = 300;
  std::size_t batch_size = 8;
  int jobs = 0;  ///< threads; 0: one per core. Never changes what is measured
};

/// What is kept of one run.
struct SyntheticRun {
  std::uint64_t first_valid = 0;  ///< the trial, from 1; 0: none
  std::uint64_t invalid = 0;      ///< trials of a whole run
  double early = 0;               ///< best / optimum after a third of the trials; 0: nothing valid
  double late = 0;                ///< the same after all
  double search_s = 0;            ///< CPU seconds of the searcher
};

/// Runs one searcher on one space. REQUIRES: the searcher was made for space.space; trials and
/// batch size > 0.
SyntheticRun RunOnSynthetic(Searcher& searcher, const SyntheticSpace& space,
                            const SyntheticOptions& options);

struct SyntheticEntry {
  std::string searcher;
  std::vector<SyntheticRun> runs;  ///< by seed
};

struct SyntheticField {
  std::string space;
  SpaceSet set = SpaceSet::kReport;
  std::uint64_t configs = 0;
  double valid_share = 0;
  std::vector<SyntheticEntry> entries;  ///< in the searchers' order
};

struct SyntheticResult {
  SyntheticOptions options;
  std::vector<std::string> searchers;
  std::vector<SyntheticField> fields;
};

/// Runs each searcher with each seed on each space. `on_run` is told of each. What is measured is a
/// function of spaces, searchers and options. nullopt when `interrupt` turned true. REQUIRES:
/// seeds, trials and batch size > 0.
std::optional<SyntheticResult> RunSyntheticStudy(const std::vector<SyntheticSpace>& spaces,
                                                 const std::vector<Entrant>& searchers,
                                                 const SyntheticOptions& options,
                                                 const OnRun& on_run,
                                                 const std::atomic<bool>& interrupt);

/// The page docs/results/generated/synthetic/synthetic.md.
Page ToPage(const SyntheticResult& result);

}  // namespace foothold::studies
