#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foothold/searcher.h"
#include "foothold/space.h"

namespace foothold {

/// What became of every config of a space, by AutoTVM index: the target of the experiment that the
/// real AutoTVM was run on.
struct OutcomeTable {
  /// Reads boards/tvm_outcomes_*.jsonl. nullopt when there is no such file; anything else that is
  /// wrong with it stops the test.
  static std::optional<OutcomeTable> Read(const std::string& path);

  Space space;
  std::vector<double> costs;  ///< arbitrary units; 0 for failures
  double optimum = 0;         ///< the least cost
};

/// What one run of a searcher spent.
struct TableRun {
  /// The trial at which the optimum was first measured, counted from 1; 0 when it was not.
  int first_optimum = 0;
  int invalid = 0;
};

/// Runs the searcher on the table: batches of `batch_size` until `trials` are spent. Where the
/// searcher proposes a short batch at the end of a generation, AutoTVM measures the generation's
/// first configs again: `generation` > 0 is its size, and the repeats are counted as trials.
TableRun RunOnTable(const OutcomeTable& table, Searcher& searcher, std::size_t trials,
                    std::size_t batch_size, std::size_t generation = 0);

}  // namespace foothold
