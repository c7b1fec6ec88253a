#include "search/foothold/rule_advice.h"

#include <algorithm>

#include "base/check.h"

namespace foothold {
namespace {

/// Trials before the first rules are learned, and by how much more there must be before the next.
constexpr std::size_t kFirstRules = 16;
constexpr double kGrowth = 1.2;
/// No more are learned after so many: they would hardly change, and cost ever more.
constexpr std::size_t kEnough = 512;
/// The model of validity is not contradicted where it thinks a config this likely.
constexpr double kUnlikely = 0.5;
/// What P(valid) of a forbidden config is multiplied by: 0.85 missed more optima, 1 saved fewer
/// failures.
constexpr double kForbiddenFactor = 0.9;
/// What a contested trial weighs when the next one was made.
constexpr double kFading = 0.9;

}  // namespace

RuleAdvice::RuleAdvice(const Space& space) : space_(space), trials_(space.parameters()) {}

void RuleAdvice::Observe(const Measurement& trial) {
  trials_.Add(trial);
  if (contested_.count(space_.IndexOf(trial.config)) == 0) return;
  contested_tried_ = kFading * contested_tried_ + 1;
  contested_valid_ = kFading * contested_valid_ + (trial.outcome == Outcome::kCorrect ? 1 : 0);
}

void RuleAdvice::Learn() {
  const std::size_t known = trials_.size();
  if (known < kFirstRules || known > kEnough) return;
  if (static_cast<double>(known) < kGrowth * static_cast<double>(learned_from_)) return;
  learned_from_ = known;
  rules_ = LearnRules(trials_.Collected());
}

RuleAdvice::Verdict RuleAdvice::Judge(const Config& config) const {
  const std::vector<std::int64_t> values = space_.Values(config);
  Verdict verdict = Verdict::kAllowed;
  for (const Rule& rule : rules_) {
    if (!rule.Matches(values)) continue;
    // The limit lies between what passed, which is the bound, and the nearest failure.
    const Test& last = rule.tests.back();
    const double value = last.term.Of(values);
    const bool is_between =
        (last.relation == Test::Relation::kMoreThan && value < rule.nearest_failure) ||
        (last.relation == Test::Relation::kLessThan && value > rule.nearest_failure);
    if (!is_between) return Verdict::kForbidden;
    verdict = Verdict::kDoubtful;
  }
  return verdict;
}

void RuleAdvice::Revise(std::span<const Config> configs, std::span<double> probabilities) {
  FOOTHOLD_CHECK(configs.size() == probabilities.size());
  Learn();
  if (rules_.empty()) return;
  const double share = contested_valid_ / contested_tried_;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const Verdict verdict = Judge(configs[i]);
    if (verdict == Verdict::kForbidden) probabilities[i] *= kForbiddenFactor;
    if (verdict != Verdict::kAllowed || probabilities[i] >= kUnlikely) continue;
    contested_.insert(space_.IndexOf(configs[i]));
    probabilities[i] = std::max(probabilities[i], share);
  }
}

}  // namespace foothold
