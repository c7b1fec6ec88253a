#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "models/rules/learner.h"

namespace foothold::report {

/// What the trials say of a rule of the hardware that the target knew beforehand.
struct KnownRule {
  std::string description;
  std::size_t violated = 0;            ///< examples that break it
  std::size_t failed = 0;              ///< of those
  std::vector<std::size_t> of_kind;    ///< of those, by kind
  std::vector<Config> contradictions;  ///< correct all the same: the rule is wrong
};

/// A learned rule beside the known ones.
struct LearnedRule {
  models::Rule rule;
  /// How many of the examples that it matches break each known rule, in the report's order.
  std::vector<std::size_t> breaks_known;
  std::size_t breaks_none = 0;  ///< how many break no known rule: this is news
};

/// What a log's trials of one workload on one target teach.
struct RulesReport {
  std::string workload;
  std::string target;
  models::Examples examples;
  std::vector<LearnedRule> learned;
  std::vector<std::size_t> unexplained;  ///< failures that no rule matches, by kind
  std::vector<KnownRule> known;
  std::optional<std::string> no_known;  ///< why the target's rules could not be had
};

/// `known` are the target's (TargetTask::KnownConstraints), or why there are none. Those that do
/// not fit the runs' parameters are not available either. REQUIRES: runs as ExamplesOf.
RulesReport ReportRules(std::span<const RunLog* const> runs,
                        const Result<std::vector<Constraint>>& known);

// What the report says of its parts, for those who show it in another form.

/// "tile_h * tile_w > 2048 and order = 1"
std::string ToString(const models::Rule& rule, const std::vector<Parameter>& parameters);
/// "412 of 412 failed, 400 of them so; 3 more build"
std::string CountsText(const models::Rule& rule);
/// Between which values the limit lies: "passes up to 2048, fails from 4096". Empty where the rule
/// says it already.
std::string LimitText(const models::Rule& rule);
/// Some configs match the rule and break none of the target's, though it has some.
bool IsNews(const LearnedRule& learned, const RulesReport& report);
/// Which of the target's rules say the same, or that it is news. Empty where the target has none.
std::string StandingText(const LearnedRule& learned, const RulesReport& report);
/// Failures that some rule explains.
std::size_t ExplainedFailures(const RulesReport& report);

/// Rule, failure, counts, limit and standing: lines, indented.
std::string ToText(const LearnedRule& learned, const RulesReport& report);
/// The same as a JSON object.
base::Json ToJson(const LearnedRule& learned, const RulesReport& report);

std::string ToText(const RulesReport& report);
/// An object.
base::Json ToJson(const RulesReport& report);

}  // namespace foothold::report
