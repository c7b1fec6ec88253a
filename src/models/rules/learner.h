#pragma once

#include <cstddef>
#include <vector>

#include "models/rules/examples.h"
#include "models/rules/predicate.h"

namespace foothold::models {

/// "All of these, and it fails."
struct Rule {
  std::vector<Test> tests;  ///< one to three
  std::size_t kind = 0;     ///< how most of the failures that it was learned from failed

  /// Of the last test's term, the value nearest to the bound that failed: the limit lies between.
  double nearest_failure = 0;

  // Of the examples that meet all tests.
  std::size_t matched = 0;
  std::size_t failed = 0;   ///< all of those that were measured
  std::size_t of_kind = 0;  ///< of those
  std::size_t built = 0;    ///< were built, and never measured

  bool Matches(std::span<const std::int64_t> values) const;
};

/// Learns what tells the failures from the correct configs (docs/concepts/learned-rules.md): for
/// each kind of failure, the most frequent first, the rule that explains most of the failures that
/// no rule explains yet, until none is left that is unlikely to be chance. No correct config meets
/// a rule. Deterministic. O(rules * tests * terms * examples).
std::vector<Rule> LearnRules(const Examples& examples);

}  // namespace foothold::models
