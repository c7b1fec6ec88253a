#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foothold/searcher.h"
#include "foothold/status.h"

namespace foothold {

/// A searcher as it enters the experiment, with the modes of knowledge in which it differs. One
/// that asks for no builds does in mode `compiler` what it does in mode `blind`, and enters once.
struct Contestant {
  std::string name;
  std::vector<Knowledge> modes;
  std::unique_ptr<Searcher> (*make)(const SearchProblem& problem);
  bool warm = false;  ///< given the runs on the other tasks (History)
};

/// What all others are compared with.
inline constexpr const char* kBaseline = "autotvm";

/// `foothold` with the runs on the other tasks to learn from.
inline constexpr const char* kWarmStart = "foothold: warm start";

/// All searchers of the experiment (benchmarks.md B1) and the ablations of `validity`, which are
/// named by the parts that are on.
const std::vector<Contestant>& Contestants();

/// Those named. NotFound with the known names.
Result<std::vector<Contestant>> FindContestants(const std::vector<std::string>& names);

}  // namespace foothold
