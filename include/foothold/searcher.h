#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/earlier_run.h"
#include "foothold/export.h"
#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold {

/// What a searcher may know of a config before it is measured (docs/concepts/knowledge.md). Each
/// mode includes the one before.
enum class Knowledge : std::uint8_t {
  kBlind,     ///< nothing: an outcome is known after a measurement only, as in AutoTVM
  kCompiler,  ///< a build tells whether it compiles, and gives the program's metrics
  kHardware,  ///< the target's known constraints are part of the space
};
/// "blind", "compiler", "hardware": the values of --knowledge.
FOOTHOLD_EXPORT std::string_view ToString(Knowledge knowledge);

/// Proposes configs and learns from what became of them (ask/tell). A searcher sees neither runner
/// nor file nor clock. Not thread-safe. Deterministic: the same sequence of calls gives the same
/// proposals.
///
/// A searcher that may use the compiler gets a ProposeBuilds and an ObserveBuilds before each
/// Propose, again and again until it proposes no builds.
class FOOTHOLD_EXPORT Searcher {
 public:
  virtual ~Searcher() = default;
  /// Up to `count` distinct configs, none proposed before. Fewer than `count` when the space is
  /// running out, or when the searcher must see results first. Empty only when the space is
  /// exhausted.
  virtual std::vector<Config> Propose(std::size_t count) = 0;
  /// The results of proposed configs, in the order of the proposals. Infrastructure failures are
  /// never among them.
  virtual void Observe(std::span<const Measurement> measurements) = 0;

  /// A config that was observed as correct is not: `demoted` is what it counts as from now on.
  virtual void Retract(const Measurement& /*demoted*/) {}

  /// Distinct configs to build without running them. Empty: the searcher is ready to propose. Never
  /// called when knowledge is kBlind.
  virtual std::vector<Config> ProposeBuilds() { return {}; }
  /// The results of all builds of the last ProposeBuilds, in its order.
  virtual void ObserveBuilds(std::span<const BuildReport> /*reports*/) {}

  /// The searcher's present estimate of the probability that `config` is valid. nullopt when it has
  /// no model of that. Serves to judge the model; changes no proposal.
  virtual std::optional<double> ProbabilityValid(const Config& /*config*/) { return std::nullopt; }
  /// Not empty when the searcher expects no config faster than the best observed: the reason and
  /// its confidence, in words for the user. It still proposes when asked to.
  virtual std::string Conclusion() { return {}; }
  /// By how much the best of the last proposals was expected to lower the logarithm of the least
  /// seconds observed: 0.01 is about 1 %. At least 0; nullopt when the searcher has no model of
  /// that, or had observed nothing correct. Serves to share a budget between tasks.
  virtual std::optional<double> ExpectedGain() const { return std::nullopt; }
};

/// What a searcher is made for.
struct SearchProblem {
  Space space;  ///< with Knowledge::kHardware, the known constraints are among its own
  std::uint64_t seed = 1;
  Knowledge knowledge = Knowledge::kCompiler;
  double builds_per_trial = 64;  ///< TaskTraits::builds_per_trial
  /// What is tuned, and on which device. Compared with the earlier runs.
  Workload workload = {};
  std::string target = {};      ///< Target::name(); empty: unknown
  Metrics device_numbers = {};  ///< TaskTraits::device_numbers
  /// Runs to learn from. Searchers that cannot learn from them ignore them; a searcher's
  /// description says whether it can.
  std::vector<EarlierRun> earlier_runs = {};
};
/// The problem of tuning `task`, without earlier runs and the target's name. InvalidArgument when
/// its known constraints are too large for a space.
FOOTHOLD_EXPORT Result<SearchProblem> MakeSearchProblem(const TargetTask& task, std::uint64_t seed,
                                                        Knowledge knowledge);

}  // namespace foothold
