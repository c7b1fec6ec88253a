#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "foothold/space.h"
#include "models/rules/examples.h"
#include "models/rules/predicate.h"

namespace foothold::models {

/// Foretells what is valid from bounds. What hardware and compilers forbid is mostly, for each kind
/// of failure, a product or ratio of a few parameters that is too large or too small
/// ("tile_h * tile_w > 2048 fails"), sometimes at one value of another parameter only. The few
/// trials there are agree with many such bounds; each counts by how many of the failures it
/// explains and how few parameters it takes (Bayesian model averaging: Hoeting, Madigan, Raftery
/// and Volinsky 1999, equations 1 and 2). A bound that contradicts a valid config counts nothing.
///
/// A Gaussian process judges a config by what lies near; a bound holds in all of the space.
/// Deterministic. Not thread-safe.
class BoundModel {
 public:
  explicit BoundModel(const Space& space);

  /// O(terms * parameters), at most rule_learning/test.h's kMaxTerms terms.
  void ObserveValid(const Config& config);
  /// Of many kinds (kMaxKinds) the later ones are told apart by their outcome and stage only.
  void ObserveFailure(const Config& config, const FailureKind& kind);
  static constexpr std::size_t kMaxKinds = 16;

  /// Whether a valid config and a failure were seen.
  bool can_foretell() const { return valid_ > 0 && !kinds_.empty(); }
  /// P(valid) of each config, in [0, 1]. REQUIRES: can_foretell(), one per config. O(kinds) for
  /// each; learns first, where anything was observed since the last call.
  void Probabilities(std::span<const Config> configs, std::span<double> probabilities);

 private:
  /// Where a bound holds: in all of the space, or at one value of a parameter.
  struct Context {
    bool everywhere = true;
    std::size_t parameter = 0;
    std::size_t choice = 0;

    bool Holds(const Config& config) const {
      return everywhere || config.choices[parameter] == choice;
    }
  };
  /// In the context fails what has more of the term than some bound between `passed`, the most that
  /// was valid, and `failed`, the least beyond that failed.
  struct Bound {
    std::size_t term = 0;
    bool negated = false;  ///< less of the term, as more of its negative
    std::size_t context = 0;
    float passed = 0;
    float failed = 0;
    double weight = 0;
  };
  struct FailedConfig {
    Config config;
    std::vector<float> terms;
  };
  using Failures = std::vector<const FailedConfig*>;
  /// A kind of failure. Where one bound does not explain all, as in "is not divided by", others do
  /// the rest; a config must pass them all.
  struct Kind {
    std::vector<FailedConfig> failures;  ///< the latest
    std::size_t observed = 0;
    bool is_learned = false;
    std::vector<std::vector<Bound>> parts;  ///< of a total weight of 1 each
  };
  /// Bounds that explain failures, and how well.
  struct Posterior {
    std::vector<Bound> bounds;
    std::vector<double> log_evidence;
    std::size_t best = 0;
    double chance = 0;  ///< log evidence of no bound at all

    double most() const { return log_evidence[best]; }
    void Add(const Bound& bound, double evidence);
    /// A few bounds that stand for all.
    std::vector<Bound> Draw() const;
  };

  float TermOf(std::size_t term, const Config& config) const;
  std::vector<float> TermsOf(const Config& config) const;
  void Learn(Kind& kind) const;
  Posterior Weigh(const Failures& failures) const;
  void WeighIn(std::size_t context, bool negated, const Failures& within, std::size_t outside,
               Posterior& posterior) const;
  bool Explains(const Bound& bound, const FailedConfig& failure) const;
  /// P(fails), by one bound.
  double ProbabilityBeyond(const Bound& bound, const Config& config) const;

  std::vector<Term> terms_;
  std::vector<std::vector<float>> levels_;  ///< [parameter][choice]: a logarithm, or the choice
  std::vector<Context> contexts_;
  std::vector<std::vector<float>> least_, most_;  ///< [context][term] of what was valid
  std::map<FailureKind, Kind> kinds_;
  std::size_t valid_ = 0;
};

}  // namespace foothold::models
