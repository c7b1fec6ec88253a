#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "foothold/rng.h"
#include "foothold/searcher.h"
#include "models/features/log_features.h"
#include "models/gaussian_process/time_model.h"
#include "models/gaussian_process/validity_model.h"
#include "models/rules/bound_model.h"
#include "search/foothold/candidate_sampler.h"
#include "search/foothold/transfer.h"
#include "search/searcher/visited.h"

namespace foothold::search {

/// The parts of the searcher, for ablations.
struct FootholdOptions {
  std::size_t candidates = 800;  ///< among which a batch is chosen
  bool validity = true;          ///< choose by P(valid)
  /// While nothing is valid, rate what little is known of by an upper confidence bound.
  bool optimistic_prior = true;
  bool bounds = true;  ///< P(valid) by bounds on products of parameters too, where builds are dear
  /// What is used of the seconds that a built program's metrics promise.
  enum class Prior { kNone, kLowerBound, kEstimate };
  Prior prior = Prior::kEstimate;
  bool duplicate_programs = true;  ///< measure one of several configs whose programs look the same

  // Builds, where they may be asked for.
  std::size_t builds_per_round = 64;
  std::size_t first_builds = 512;      ///< before the first trial
  std::size_t builds_per_batch = 512;  ///< before each later one, at most
  /// No more after this many without one that could be the best.
  std::size_t builds_without_gain = 1024;
};

/// Foothold's own search (docs/concepts/searcher-foothold.md). It learns P(valid) and the time of
/// valid configs from the first trial on, and proposes what promises most of the two together.
/// Where it may build, it builds many programs for each one it measures, and measures by what their
/// metrics promise (kEstimateMetric), corrected by what it has learned of this machine.
class FootholdSearcher : public Searcher {
 public:
  explicit FootholdSearcher(const SearchProblem& problem, const FootholdOptions& options = {});

  std::vector<Config> Propose(std::size_t count) override;
  void Observe(std::span<const Measurement> measurements) override;
  void Retract(const Measurement& demoted) override;
  std::vector<Config> ProposeBuilds() override;
  void ObserveBuilds(std::span<const BuildReport> reports) override;
  std::optional<double> ProbabilityValid(const Config& config) override;
  /// Where programs come with estimates: once none that was built promises to be the fastest, and
  /// as little was promised by the last FootholdOptions::builds_without_gain.
  std::string Conclusion() override;
  std::optional<double> ExpectedGain() const override { return promised_; }

 private:
  /// A program that was built.
  struct Built {
    Config config;
    std::vector<float> row;
    std::optional<models::TimePrior> prior;
    Metrics metrics;
    bool proposed = false;
  };

  std::vector<Config> ProposeUnbuilt(std::size_t count);
  std::vector<Config> ProposeBuilt(std::size_t count);
  /// Indices into built_, of those worth scoring.
  std::vector<std::size_t> BuiltCandidates();
  std::optional<models::TimePrior> PriorOf(const Metrics& metrics) const;
  std::vector<double> ScoreBuilt(std::span<const std::size_t> candidates);
  struct Models {
    models::ValidityModel validity;
    models::TimeModel times;
  };
  struct Prospects;
  /// P(valid); while nothing is valid, by an upper confidence bound.
  std::vector<double> ExpectedValidity(std::span<const Config> configs,
                                       const models::FeatureMatrix& rows,
                                       models::ValidityModel& validity);
  /// Averages what a model says with what the bounds say.
  void AskBounds(std::span<const Config> configs, std::span<double> valid);
  /// `valid`: P(valid) of each row.
  static Prospects Judge(const models::FeatureMatrix& rows, std::vector<double> valid,
                         models::TimeModel& times);
  bool MoreBuilds() const;
  /// For each built program the probability that it is faster than the best observed.
  std::vector<double> ProbabilitiesBest(std::span<const std::size_t> built);
  void CountBuildsWithoutGain(std::size_t first);
  std::vector<Config> GoodConfigs() const;
  void SettleTrust();
  void CountGain(const Measurement& measurement);
  void ObserveValid(const Config& config, std::span<const float> row);
  void ObserveFailure(const Config& config, const models::FailureKind& kind);
  std::vector<float> RowOf(const Config& config) const;

  const FootholdOptions options_;
  const bool builds_allowed_;
  const double builds_per_trial_;
  /// Not where builds are cheap: bounds are surer than they should be where none is true, and
  /// would keep from building what only a build can tell.
  const bool uses_bounds_;
  Space space_;
  Rng rng_;
  models::LogFeatures features_;
  CandidateSampler sampler_;
  Visited tried_;  ///< built or proposed
  Transfer transfer_;
  models::ValidityModel validity_;
  models::TimeModel times_;  ///< of trials
  models::BoundModel bounds_;
  /// The same without the earlier runs, while it is open whether these are of use.
  std::optional<Models> cold_;
  double gain_ = 0;    ///< of the earlier runs: how much more likely they made what was observed
  bool warm_ = false;  ///< models know the earlier runs
  models::TimeModel build_times_;  ///< estimates as if they were times: where to build next
  std::vector<std::pair<double, Config>> fastest_;  ///< a few, of the least seconds (or estimates)

  std::vector<Built> built_;
  std::unordered_map<std::uint64_t, std::size_t> built_index_;  ///< by Space::IndexOf
  std::set<Metrics> measured_programs_;
  std::size_t unmeasured_ = 0;  ///< built and not proposed
  std::size_t builds_ = 0;
  std::size_t builds_of_batch_ = 0;
  std::size_t builds_without_gain_ = 0;
  std::size_t trials_ = 0;
  std::size_t run_failures_ = 0;    ///< of what had been built
  std::optional<double> promised_;  ///< ExpectedGain
};

}  // namespace foothold::search
