#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foothold/searcher.h"
#include "foothold/status.h"

namespace foothold::studies {

/// Which runs of an experiment an entrant learns from before its own (History).
enum class EarlierTasks {
  kNone,
  kOtherWorkloads,  ///< those on the other workloads of the same target
  kOtherTargets,    ///< those on the other targets, of this workload and of others
};

/// A searcher as it enters the experiment, with the modes of knowledge in which it differs. One
/// that asks for no builds does in mode `compiler` what it does in mode `blind`, and enters once.
struct Entrant {
  std::string name;
  std::vector<Knowledge> modes;
  std::unique_ptr<Searcher> (*make)(const SearchProblem& problem);
  EarlierTasks learns_from = EarlierTasks::kNone;
};

/// What all others are compared with.
inline constexpr const char* kBaseline = "autotvm";

/// `foothold` with runs of other tasks to learn from.
inline constexpr const char* kWarmStart = "foothold: warm start";
inline constexpr const char* kOtherBoards = "foothold: from other boards";

/// All searchers of the experiment (docs/results/protocol.md#time-to-best) and the ablations of
/// `validity`, which are named by the parts that are on.
const std::vector<Entrant>& Entrants();

/// Those named. NotFound with the known names.
Result<std::vector<Entrant>> FindEntrants(const std::vector<std::string>& names);

}  // namespace foothold::studies
