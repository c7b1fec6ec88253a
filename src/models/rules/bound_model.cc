#include "models/rules/bound_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace foothold::models {
namespace {

// What a bound costs, as logarithms of its odds.
constexpr double kParameterPrice = 1.4;  ///< each parameter of its term
constexpr double kContextPrice = 3;      ///< that it does not hold everywhere
constexpr double kUnexplained = 3.5;     ///< each failure that it does not explain
/// Bounds that are so much less likely than the best are left out.
constexpr double kNegligible = 8;

/// Bounds that stand for all, where a kind's failures could have many causes.
constexpr std::size_t kDrawn = 32;
constexpr std::size_t kMaxParts = 6;
/// Of a kind; older ones are forgotten.
constexpr std::size_t kMaxFailures = 256;
/// Parameters of more values are no contexts: those are sizes, and terms speak of them.
constexpr std::size_t kMaxContextValues = 8;

/// Sums of the same logarithms in another order.
constexpr float kRounding = 1e-4F;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Logarithms, where there are.
std::vector<float> LevelsOf(const Parameter& parameter) {
  const bool is_positive = std::all_of(parameter.values.begin(), parameter.values.end(),
                                       [](std::int64_t value) { return value > 0; });
  std::vector<float> levels;
  for (std::size_t choice = 0; choice < parameter.values.size(); ++choice) {
    levels.push_back(
        is_positive ? static_cast<float>(std::log2(static_cast<double>(parameter.values[choice])))
                    : static_cast<float>(choice));
  }
  return levels;
}

}  // namespace

BoundModel::BoundModel(const Space& space)
    : terms_(CandidateTerms(space.parameters())), contexts_(1) {
  const auto& parameters = space.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    levels_.push_back(LevelsOf(parameters[p]));
    const std::size_t values = parameters[p].values.size();
    if (values < 2 || values > kMaxContextValues) continue;
    for (std::size_t choice = 0; choice < values; ++choice) contexts_.push_back({false, p, choice});
  }
  least_.assign(contexts_.size(), std::vector<float>(terms_.size(), kInfinity));
  most_.assign(contexts_.size(), std::vector<float>(terms_.size(), -kInfinity));
}

float BoundModel::TermOf(std::size_t term, const Config& config) const {
  float sum = 0;
  for (const std::size_t p : terms_[term].factors) sum += levels_[p][config.choices[p]];
  for (const std::size_t p : terms_[term].divisors) sum -= levels_[p][config.choices[p]];
  return sum;
}

std::vector<float> BoundModel::TermsOf(const Config& config) const {
  std::vector<float> terms(terms_.size());
  for (std::size_t t = 0; t < terms.size(); ++t) terms[t] = TermOf(t, config);
  return terms;
}

void BoundModel::ObserveValid(const Config& config) {
  ++valid_;
  const std::vector<float> terms = TermsOf(config);
  bool is_news = false;
  for (std::size_t c = 0; c < contexts_.size(); ++c) {
    if (!contexts_[c].Holds(config)) continue;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      is_news = is_news || terms[t] < least_[c][t] || terms[t] > most_[c][t];
      least_[c][t] = std::min(least_[c][t], terms[t]);
      most_[c][t] = std::max(most_[c][t], terms[t]);
    }
  }
  if (!is_news) return;
  for (auto& [name, kind] : kinds_) kind.is_learned = false;
}

void BoundModel::ObserveFailure(const Config& config, const FailureKind& name) {
  const bool is_known = kinds_.count(name) != 0 || kinds_.size() < kMaxKinds;
  Kind& kind = kinds_[is_known ? name : FailureKind{name.outcome, name.stage, ""}];
  kind.is_learned = false;
  FailedConfig failure{config, TermsOf(config)};
  if (kind.observed < kMaxFailures) {
    kind.failures.push_back(std::move(failure));
  } else {
    kind.failures[kind.observed % kMaxFailures] = std::move(failure);
  }
  ++kind.observed;
}

// --- learning ---

void BoundModel::Posterior::Add(const Bound& bound, double evidence) {
  if (!bounds.empty() && evidence < most() - kNegligible) return;
  if (bounds.empty() || evidence > most()) best = bounds.size();
  bounds.push_back(bound);
  log_evidence.push_back(evidence);
}

/// Systematic sampling: in even steps along the cumulated weights.
std::vector<BoundModel::Bound> BoundModel::Posterior::Draw() const {
  double total = std::exp(chance - most());
  for (const double evidence : log_evidence) total += std::exp(evidence - most());
  std::vector<Bound> drawn;
  double cumulated = 0;
  std::size_t steps = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    cumulated += std::exp(log_evidence[i] - most()) / total * static_cast<double>(kDrawn);
    const std::size_t first = steps;
    while (steps < kDrawn && static_cast<double>(steps) + 0.5 < cumulated) ++steps;
    if (steps == first) continue;
    drawn.push_back(bounds[i]);
    drawn.back().weight = static_cast<double>(steps - first) / static_cast<double>(kDrawn);
  }
  return drawn;
}

/// Separate and conquer: what the best bound leaves unexplained, others explain.
void BoundModel::Learn(Kind& kind) const {
  kind.is_learned = true;
  kind.parts.clear();
  Failures left;
  for (const FailedConfig& failure : kind.failures) left.push_back(&failure);
  while (!left.empty() && kind.parts.size() < kMaxParts) {
    const Posterior posterior = Weigh(left);
    if (posterior.bounds.empty()) return;
    kind.parts.push_back(posterior.Draw());
    const Bound& best = posterior.bounds[posterior.best];
    std::erase_if(left, [&](const FailedConfig* failure) { return Explains(best, *failure); });
  }
}

BoundModel::Posterior BoundModel::Weigh(const Failures& failures) const {
  Posterior posterior;
  posterior.chance = -kUnexplained * static_cast<double>(failures.size());
  for (std::size_t c = 0; c < contexts_.size(); ++c) {
    Failures within;
    std::copy_if(failures.begin(), failures.end(), std::back_inserter(within),
                 [&](const FailedConfig* failure) { return contexts_[c].Holds(failure->config); });
    const std::size_t outside = failures.size() - within.size();
    WeighIn(c, false, within, outside, posterior);
    WeighIn(c, true, within, outside, posterior);
  }
  return posterior;
}

void BoundModel::WeighIn(std::size_t context, bool negated, const Failures& within,
                         std::size_t outside, Posterior& posterior) const {
  const double base = -(contexts_[context].everywhere ? 0 : kContextPrice) -
                      kUnexplained * static_cast<double>(outside);
  const bool is_useless =
      !posterior.bounds.empty() && base - kParameterPrice < posterior.most() - kNegligible;
  if (within.empty() || is_useless) return;
  const float sign = negated ? -1 : 1;
  std::vector<float> passed = negated ? least_[context] : most_[context];
  for (float& value : passed) value *= sign;
  std::vector<float> nearest(terms_.size(), kInfinity);
  std::vector<float> explained(terms_.size(), 0);
  for (const FailedConfig* failure : within) {
    for (std::size_t t = 0; t < terms_.size(); ++t) {  // most of the time goes here: no branches
      const float value = sign * failure->terms[t];
      const bool is_beyond = value > passed[t] + kRounding;
      explained[t] += is_beyond ? 1.0F : 0.0F;
      nearest[t] = std::min(nearest[t], is_beyond ? value : kInfinity);
    }
  }
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    if (explained[t] == 0) continue;
    const auto unexplained = static_cast<double>(within.size()) - static_cast<double>(explained[t]);
    const double price = kParameterPrice * static_cast<double>(terms_[t].size());
    posterior.Add({t, negated, context, passed[t], nearest[t], 0},
                  base - price - kUnexplained * unexplained);
  }
}

bool BoundModel::Explains(const Bound& bound, const FailedConfig& failure) const {
  const float value = (bound.negated ? -1.0F : 1.0F) * failure.terms[bound.term];
  return contexts_[bound.context].Holds(failure.config) && value >= bound.failed - kRounding;
}

// --- foretelling ---

/// The bound is as likely anywhere between what passed and what failed.
double BoundModel::ProbabilityBeyond(const Bound& bound, const Config& config) const {
  if (!contexts_[bound.context].Holds(config)) return 0;
  const float value = (bound.negated ? -1.0F : 1.0F) * TermOf(bound.term, config);
  if (value >= bound.failed - kRounding) return 1;
  if (value <= bound.passed) return 0;
  if (std::isinf(bound.passed)) return 0.5;  // nothing was valid in the context
  return (value - bound.passed) / (bound.failed - bound.passed);
}

void BoundModel::Probabilities(std::span<const Config> configs, std::span<double> probabilities) {
  FOOTHOLD_CHECK(can_foretell() && configs.size() == probabilities.size());
  std::fill(probabilities.begin(), probabilities.end(), 1.0);
  for (auto& [name, kind] : kinds_) {
    if (!kind.is_learned) Learn(kind);
    for (const std::vector<Bound>& part : kind.parts) {
      for (std::size_t i = 0; i < configs.size(); ++i) {
        double fails = 0;
        for (const Bound& bound : part) {
          fails += bound.weight * ProbabilityBeyond(bound, configs[i]);
        }
        probabilities[i] *= 1 - std::min(1.0, fails);
      }
    }
  }
}

}  // namespace foothold::models
