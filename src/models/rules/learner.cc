// Separate and conquer: a rule at a time, each without the failures that are explained already.
#include "models/rules/learner.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace foothold::models {
namespace {

/// A rule is kept when the odds of finding one like it where there is none are below this.
constexpr double kSignificance = 0.01;
/// What each parameter of a rule beyond the first costs of the failures that it explains.
constexpr double kComplexityPrice = 0.03;
/// And what it costs to match failures of other kinds only.
constexpr double kOthersPrice = 0.2;
/// Single tests that are tried in pairs as a rule's conditions.
constexpr std::size_t kPairedTests = 8;

using Relation = Test::Relation;

/// Some of the examples, by index.
struct Subset {
  std::vector<std::size_t> failures;  // of the kind in question, and not explained yet
  std::vector<std::size_t> passes;    // what no rule may match
  std::vector<std::size_t> others;    // failures of other kinds, not explained yet
};

/// A rule under consideration.
struct Candidate {
  std::vector<Test> tests;
  double nearest_failure = 0;
  double quality = 0;
};

/// log(n! / k!)
double LogFactorialRatio(std::size_t n, std::size_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1);
}

/// The log of the odds that the first `taken` of some failures and passes in random order are all
/// failures.
double LogChance(std::size_t taken, const Subset& subset) {
  const std::size_t failures = subset.failures.size();
  const std::size_t all = failures + subset.passes.size();
  return LogFactorialRatio(failures, failures - taken) - LogFactorialRatio(all, all - taken);
}

std::size_t Parameters(const std::vector<Test>& tests) {
  std::size_t count = 0;
  for (const Test& test : tests) count += test.term.size();
  return count;
}

/// Finds the best rule for one kind of failure.
class RuleSearch {
 public:
  RuleSearch(const Examples& examples, const std::vector<Term>& terms,
             const std::vector<std::vector<double>>& columns, const std::vector<Test>& conditions)
      : examples_(examples), terms_(terms), columns_(columns), conditions_(conditions) {
    const std::size_t contexts = 1 + conditions.size() + kPairedTests * (kPairedTests - 1) / 2;
    log_candidates_ = std::log(static_cast<double>(contexts * 2 * terms.size()));
  }

  std::optional<Candidate> Best(const Subset& all) {
    best_.reset();
    all_ = all;
    TryLastTests({}, all);
    for (const Test& condition : conditions_) TryLastTests({condition}, Within(all, condition));
    const std::vector<Test> promising = Promising(all);
    for (std::size_t i = 0; i < promising.size(); ++i) {
      const Subset within = Within(all, promising[i]);
      for (std::size_t j = i + 1; j < promising.size(); ++j) {
        if (promising[i].term == promising[j].term) continue;
        TryLastTests({promising[i], promising[j]}, Within(within, promising[j]));
      }
    }
    return best_;
  }

 private:
  Subset Within(const Subset& subset, const Test& test) const {
    const auto keep = [&](const std::vector<std::size_t>& from) {
      std::vector<std::size_t> kept;
      std::copy_if(from.begin(), from.end(), std::back_inserter(kept),
                   [&](std::size_t i) { return test.Holds(examples_.examples[i].values); });
      return kept;
    };
    return {keep(subset.failures), keep(subset.passes), keep(subset.others)};
  }

  /// Single tests that keep most of the failures' share: FOIL's gain.
  std::vector<Test> Promising(const Subset& all) const {
    const auto share = [](const Subset& subset) {
      const auto failures = static_cast<double>(subset.failures.size());
      return std::log2((failures + 1) / (failures + static_cast<double>(subset.passes.size()) + 1));
    };
    std::vector<std::pair<double, std::size_t>> gains;
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
      const Subset within = Within(all, conditions_[i]);
      const double gain =
          static_cast<double>(within.failures.size()) * (share(within) - share(all));
      gains.emplace_back(-gain, i);
    }
    std::sort(gains.begin(), gains.end());
    std::vector<Test> tests;
    for (std::size_t i = 0; i < std::min(kPairedTests, gains.size()); ++i) {
      tests.push_back(conditions_[gains[i].second]);
    }
    return tests;
  }

  /// Every rule that ends in a bound which no pass exceeds.
  void TryLastTests(const std::vector<Test>& conditions, const Subset& subset) {
    if (subset.failures.empty()) return;
    if (best_ && static_cast<double>(subset.failures.size()) <= best_->quality) return;
    if (subset.passes.empty()) {
      if (!conditions.empty()) TryWithout(conditions, subset);
      return;
    }
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      const std::vector<double>& column = columns_[t];
      double least = column[subset.passes.front()];
      double most = least;
      for (const std::size_t i : subset.passes) {
        least = std::min(least, column[i]);
        most = std::max(most, column[i]);
      }
      TryBound(conditions, subset, t, {terms_[t], Relation::kMoreThan, most});
      TryBound(conditions, subset, t, {terms_[t], Relation::kLessThan, least});
    }
  }

  void TryBound(const std::vector<Test>& conditions, const Subset& subset, std::size_t t,
                const Test& last) {
    const std::vector<double>& column = columns_[t];
    const auto is_beyond = [&](std::size_t i) {
      return last.relation == Relation::kMoreThan ? column[i] > last.bound : column[i] < last.bound;
    };
    std::size_t taken = 0;
    double nearest = 0;
    for (const std::size_t i : subset.failures) {
      if (!is_beyond(i)) continue;
      const bool is_nearer = std::abs(column[i] - last.bound) < std::abs(nearest - last.bound);
      if (taken++ == 0 || is_nearer) nearest = column[i];
    }
    if (taken == 0 || IsLikelyChance(taken, subset)) return;
    const auto others = std::count_if(subset.others.begin(), subset.others.end(), is_beyond);
    std::vector<Test> tests = conditions;
    tests.push_back(last);
    Offer(std::move(tests), nearest, taken, static_cast<std::size_t>(others));
  }

  bool IsLikelyChance(std::size_t taken, const Subset& subset) const {
    return LogChance(taken, subset) + log_candidates_ > std::log(kSignificance);
  }

  /// The conditions alone match no pass: the last of them is the bound.
  void TryWithout(const std::vector<Test>& conditions, const Subset& subset) {
    Subset drawn_from = all_;
    for (std::size_t i = 0; i + 1 < conditions.size(); ++i) {
      drawn_from = Within(drawn_from, conditions[i]);
    }
    const std::size_t taken = subset.failures.size();
    if (IsLikelyChance(taken, drawn_from)) return;
    Offer(conditions, conditions.back().bound, taken, subset.others.size());
  }

  void Offer(std::vector<Test> tests, double nearest, std::size_t taken, std::size_t others) {
    const auto extra = static_cast<double>(Parameters(tests) - 1);
    const auto explained = static_cast<double>(taken);
    const double other_share =
        static_cast<double>(others) / (explained + static_cast<double>(others));
    const double quality =
        explained * (1 - kComplexityPrice * extra) * (1 - kOthersPrice * other_share);
    if (best_ && quality <= best_->quality) return;
    best_ = Candidate{std::move(tests), nearest, quality};
  }

  const Examples& examples_;
  const std::vector<Term>& terms_;
  const std::vector<std::vector<double>>& columns_;  // [term][example]
  const std::vector<Test>& conditions_;
  double log_candidates_ = 0;
  Subset all_;  // what Best was asked about
  std::optional<Candidate> best_;
};

/// What speaks against a rule for this kind: the correct configs, and, for a compiler's failure,
/// those that build.
std::vector<std::size_t> Passes(const Examples& examples, std::size_t kind) {
  const bool by_compiler = examples.kinds[kind].outcome == Outcome::kCompile ||
                           examples.kinds[kind].outcome == Outcome::kConstraints;
  std::vector<std::size_t> passes;
  for (std::size_t i = 0; i < examples.examples.size(); ++i) {
    const Example& example = examples.examples[i];
    if (example.correct || (by_compiler && !example.failed())) passes.push_back(i);
  }
  return passes;
}

Rule Counted(const Candidate& candidate, std::size_t kind, const Examples& examples) {
  Rule rule;
  rule.tests = candidate.tests;
  rule.kind = kind;
  rule.nearest_failure = candidate.nearest_failure;
  for (const Example& example : examples.examples) {
    if (!rule.Matches(example.values)) continue;
    ++rule.matched;
    rule.failed += example.failed() ? 1 : 0;
    rule.of_kind += example.kind == kind ? 1 : 0;
    rule.built += !example.failed() && !example.correct ? 1 : 0;
  }
  return rule;
}

}  // namespace

bool Rule::Matches(std::span<const std::int64_t> values) const {
  return std::all_of(tests.begin(), tests.end(),
                     [&](const Test& test) { return test.Holds(values); });
}

std::vector<Rule> LearnRules(const Examples& examples) {
  const std::vector<Term> terms = CandidateTerms(examples.parameters);
  const std::vector<Test> conditions = ParameterTests(examples.parameters);
  std::vector<std::vector<double>> columns(terms.size());
  for (std::size_t t = 0; t < terms.size(); ++t) {
    for (const Example& example : examples.examples) {
      columns[t].push_back(terms[t].Of(example.values));
    }
  }
  RuleSearch search(examples, terms, columns, conditions);
  std::vector<Rule> rules;
  std::vector<bool> is_explained(examples.examples.size());
  for (std::size_t kind = 0; kind < examples.kinds.size(); ++kind) {
    const std::vector<std::size_t> passes = Passes(examples, kind);
    for (;;) {
      Subset subset{{}, passes, {}};
      for (std::size_t i = 0; i < examples.examples.size(); ++i) {
        const Example& example = examples.examples[i];
        if (!example.failed() || is_explained[i]) continue;
        (example.kind == kind ? subset.failures : subset.others).push_back(i);
      }
      const std::optional<Candidate> best = search.Best(subset);
      if (!best) break;
      rules.push_back(Counted(*best, kind, examples));
      for (std::size_t i = 0; i < examples.examples.size(); ++i) {
        if (rules.back().Matches(examples.examples[i].values)) is_explained[i] = true;
      }
    }
  }
  return rules;
}

}  // namespace foothold::models
