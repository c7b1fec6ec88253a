#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "foothold/searcher.h"
#include "records/ground_truth/ground_truth.h"

namespace foothold::studies {

/// What a trial costs on a real board, in seconds: a PYNQ's under AutoTVM
/// (docs/results/protocol.md#time-to-best).
struct StageCosts {
  double failing_compile_s = 0.6;
  double run_s = 3.3;  ///< of what reaches the board, its build included
  double timeout_s = 60;
};

struct SearchRunOptions {
  std::uint64_t budget = 750;  ///< trials
  std::size_t batch_size = 8;
  StageCosts costs;
  double build_s = 0;  ///< charged for each build without a run
};

/// One trial of a run.
struct RunStep {
  Outcome outcome = Outcome::kConstraints;
  double seconds = 0;        ///< of the candidate; 0 unless correct
  double at_s = 0;           ///< of tuning, when this trial is done
  std::uint64_t builds = 0;  ///< without a run, done by then
  /// Searcher::ProbabilityValid when the trial was proposed.
  std::optional<double> probability_valid = std::nullopt;
};

/// What a searcher did with its budget.
struct SearchRun {
  std::vector<RunStep> steps;  ///< fewer than the budget when the space was exhausted
  double search_s = 0;         ///< CPU seconds of the searcher itself; part of at_s
  /// Trials before the searcher concluded (Searcher::Conclusion), after which it was made to
  /// continue.
  std::optional<std::uint64_t> concluded = std::nullopt;
  std::vector<Measurement> trials = {};  ///< those of the steps
  std::vector<BuildReport> builds = {};  ///< without a run
};

/// Runs a searcher by the tuner's loop (tune/loop.h) on what is known of every config: nothing is
/// built or run. Seconds of tuning are those of `options`, and the searcher's own. The trials
/// depend on the searcher alone. REQUIRES: the searcher was made for a space with the parameters of
/// `truth`, which is complete.
SearchRun RunSearch(Searcher& searcher, Knowledge knowledge, const records::GroundTruth& truth,
                    const SearchRunOptions& options);

}  // namespace foothold::studies
