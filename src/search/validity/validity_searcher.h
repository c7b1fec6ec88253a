#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "foothold/rng.h"
#include "foothold/searcher.h"
#include "search/autotvm/autotvm_searcher.h"
#include "search/validity/neighbour_presampling.h"

namespace foothold::search {

/// The parts of the paper's method, each with its size.
struct ValidityOptions {
  bool presampling = true;           ///< look for valid configs by builds first
  std::size_t max_builds = 1000;     ///< of presampling
  std::size_t parallel_builds = 64;  ///< in presampling's first batch: the regions it grows from

  std::size_t first_trials = 50;  ///< known before the first fit: E0
  bool balanced = true;  ///< E0 is half valid, half invalid, and far apart; else random among the
                         ///< presampled configs (among all without presampling)

  /// Annealing prefers configs known to be valid and shuns those known not to be.
  bool bias = true;

  AutotvmOptions autotvm;  ///< the search after E0; its first_fit and bias are set here
};

/// "HW-Aware Initialization of DNN Auto-Tuning to Improve Exploration Time and Robustness" (Rieber
/// et al., arXiv 2205.15568): AutoTVM's search with an initialisation driven by validity.
///
/// What a build of presampling has told is not measured again: the cost model learns E0's invalid
/// half without a trial, and those configs are never proposed.
///
/// With Knowledge::kBlind nothing can be built without being measured, so presampling is done with
/// the first trials themselves: they are E0, and there is nothing to balance.
///
/// Sizes are clamped to the space. With all parts off it is `autotvm` with a first fit after
/// `first_trials` random trials.
class ValiditySearcher : public Searcher {
 public:
  explicit ValiditySearcher(const SearchProblem& problem, const ValidityOptions& options = {});

  std::vector<Config> Propose(std::size_t count) override;
  void Observe(std::span<const Measurement> measurements) override;
  std::vector<Config> ProposeBuilds() override;
  void ObserveBuilds(std::span<const BuildReport> reports) override;

 private:
  AutotvmOptions SearchOptions();
  void Learn(const Config& config, bool valid);
  void BeginSearch(const std::vector<Config>& first_trials);
  std::vector<Config> FirstTrials();

  const ValidityOptions options_;
  const bool builds_;  ///< may be asked for
  const Space space_;
  const std::size_t first_trials_;
  Rng rng_;
  std::optional<NeighbourPresampling> presampling_;
  std::vector<Config> valid_;                            ///< known by a build, in that order
  std::vector<Config> invalid_;                          ///< likewise
  std::unordered_map<std::uint64_t, bool> known_;        ///< validity by Space::IndexOf
  std::unordered_map<std::uint64_t, Failure> failures_;  ///< of builds, by Space::IndexOf
  bool begun_ = false;                                   ///< E0 was chosen
  AutotvmSearcher search_;
};

}  // namespace foothold::search
