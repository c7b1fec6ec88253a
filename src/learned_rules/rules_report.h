#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "learned_rules/learner.h"

namespace foothold {

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
  Rule rule;
  /// How many of the examples that it matches break each known rule, in the report's order.
  std::vector<std::size_t> breaks_known;
  std::size_t breaks_none = 0;  ///< how many break no known rule: this is news
};

/// What a log's trials of one workload on one target teach.
struct RulesReport {
  std::string workload;
  std::string target;
  Examples examples;
  std::vector<LearnedRule> learned;
  std::vector<std::size_t> unexplained;  ///< failures that no rule matches, by kind
  std::vector<KnownRule> known;
  std::optional<std::string> no_known;  ///< why the target's rules could not be had
};

/// `known` are the target's (TargetTask::KnownConstraints), or why there are none. InvalidArgument
/// when they do not fit the runs' parameters. REQUIRES: runs as ExamplesOf.
Result<RulesReport> ReportRules(std::span<const RunLog* const> runs,
                                const Result<std::vector<Constraint>>& known);

std::string ToText(const RulesReport& report);
/// A JSON object.
std::string ToJson(const RulesReport& report);

}  // namespace foothold
