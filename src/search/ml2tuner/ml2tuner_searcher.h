#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "foothold/rng.h"
#include "foothold/searcher.h"
#include "models/features/feature_matrix.h"
#include "models/trees/boosted_trees.h"
#include "search/autotvm/annealing.h"
#include "search/autotvm/knob_features.h"
#include "search/ml2tuner/program_features.h"
#include "search/searcher/visited.h"

namespace foothold::search {

struct Ml2tunerOptions {
  std::size_t picks = 10;             ///< N: measured in a round
  double alpha = 1;                   ///< (1 + alpha) N are built in a round
  std::size_t random_candidates = 1;  ///< of those of a round, where there are models
  /// Shorter than AutoTVM's, which plans 64 configs at a time.
  AnnealingOptions annealing = {.iterations = 120};
};

/// A model is fitted anew when it could learn from so many times as much as it did.
inline constexpr double kRefitGrowth = 1.05;

/// "ML2Tuner: Efficient Code Tuning via Multi-Level Machine Learning Models" (Cha et al., arXiv
/// 2411.10764), a rival to compare with. Written from the paper's abstract and from the
/// summary in docs/results/protocol.md#time-to-best; its full text was not at hand and there is no
/// public code, so this is our reading of it.
///
/// What those say: a performance model P and a validity model V, both on the knobs, choose
/// (1 + alpha) N candidates; these are compiled; a performance model A, which also sees what came
/// out of the compiler, picks N of them to be measured; N = 10, alpha = 1.
///
/// What they leave open, and what was chosen:
/// - The models are XGBoost's trees with AutoTVM's parameters, 40 of them. P and A learn the merit
/// of correct
///   measurements by regression; V learns from all measurements and from
///   builds that failed: what builds may still fail when run.
/// - Candidates come from AutoTVM's annealing on P's score among the configs V takes for valid; the
///   others score below 0, the less the likelier they are to be valid. Where it finds too few, and
///   for random_candidates of them, candidates are random; so are all before the first success.
/// - A model is fitted anew at each round that finds kRefitGrowth times as much to learn from.
/// - What was built and not picked stays on offer: A picks from it in later rounds too.
/// - A round of which nothing builds is followed by another one.
///
/// With Knowledge::kBlind nothing is built: P and V choose N, which are measured, and A is not
/// used.
class Ml2tunerSearcher : public Searcher {
 public:
  explicit Ml2tunerSearcher(const SearchProblem& problem, const Ml2tunerOptions& options = {});

  /// No more than is left of a round.
  std::vector<Config> Propose(std::size_t count) override;
  void Observe(std::span<const Measurement> measurements) override;
  std::vector<Config> ProposeBuilds() override;
  void ObserveBuilds(std::span<const BuildReport> reports) override;

 private:
  struct Built {
    Config config;
    Metrics metrics;
  };
  /// Whether and how well configs work; each config once.
  struct Validity {
    explicit Validity(std::size_t columns) : features(columns) {}
    models::FeatureMatrix features;
    std::vector<float> labels;                           ///< 1 or 0
    std::unordered_map<std::uint64_t, std::size_t> row;  ///< by Space::IndexOf
    std::size_t outcomes = 0;                            ///< learned, those that changed a row too
  };

  /// A model, and of how much it was fitted.
  struct Model {
    explicit Model(models::TreeObjective objective) : trees(objective) {}
    /// Whether to fit it to `data` observations.
    bool IsDue(std::size_t data) const;

    models::BoostedTrees trees;
    std::size_t fitted_data = 0;
  };

  std::vector<Config> Candidates(std::size_t count);
  void Score(std::span<const Config> configs, std::span<float> scores);
  void PickFromBuilt();
  std::vector<float> RankBuilt() const;
  void LearnValidity(const Config& config, bool valid);
  std::vector<float> Merits() const;
  void FitOnKnobs();
  void FitOnPrograms();

  const Ml2tunerOptions options_;
  const bool builds_;  ///< may be asked for
  const Space space_;
  Rng rng_;
  KnobFeatures knobs_;
  Annealing annealing_;
  Visited taken_;             ///< to be built or measured, or done so
  std::deque<Config> plan_;   ///< still to be measured in this round
  std::vector<Built> built_;  ///< and not planned, in the order of the builds
  std::unordered_map<std::uint64_t, Metrics> planned_;  ///< metrics of what was and is not measured

  Model performance_{models::TreeObjective::kValue};     ///< P
  Model validity_{models::TreeObjective::kProbability};  ///< V
  Model advanced_{models::TreeObjective::kValue};        ///< A
  Validity known_;
  // Of the correct measurements, one each:
  models::FeatureMatrix features_;
  std::vector<double> merits_;
  std::vector<Built> programs_;
  ProgramFeatures program_features_;
  models::FeatureMatrix scored_;  ///< scratch of Score
  std::vector<float> log_odds_;   ///< scratch of Score
};

}  // namespace foothold::search
