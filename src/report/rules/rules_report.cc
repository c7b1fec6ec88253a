#include "report/rules/rules_report.h"

#include <utility>

#include "report/rules/log_examples.h"

namespace foothold::report {
namespace {

/// The known rules, each as a space of its own: a space can say whether a config breaks it.
Result<std::vector<Space>> KnownSpaces(const std::vector<Parameter>& parameters,
                                       const Result<std::vector<Constraint>>& known) {
  if (!known.ok()) return known.status();
  std::vector<Space> spaces;
  for (const Constraint& constraint : *known) {
    FOOTHOLD_ASSIGN_OR_RETURN(Space space, Space::Create(parameters, {constraint}));
    spaces.push_back(std::move(space));
  }
  return spaces;
}

KnownRule JudgeKnown(const Constraint& constraint, const Space& space,
                     const models::Examples& examples) {
  KnownRule rule;
  rule.description = constraint.description();
  rule.of_kind.resize(examples.kinds.size());
  for (const models::Example& example : examples.examples) {
    if (space.IsValid(example.config)) continue;
    ++rule.violated;
    if (example.failed()) {
      ++rule.failed;
      ++rule.of_kind[*example.kind];
    }
    if (example.correct) rule.contradictions.push_back(example.config);
  }
  return rule;
}

LearnedRule BesideKnown(models::Rule rule, const std::vector<Space>& known,
                        const models::Examples& examples) {
  LearnedRule learned{std::move(rule), std::vector<std::size_t>(known.size()), 0};
  for (const models::Example& example : examples.examples) {
    if (!learned.rule.Matches(example.values)) continue;
    bool breaks_any = false;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known[i].IsValid(example.config)) continue;
      ++learned.breaks_known[i];
      breaks_any = true;
    }
    learned.breaks_none += breaks_any ? 0 : 1;
  }
  return learned;
}

std::vector<std::size_t> Unexplained(const models::Examples& examples,
                                     const std::vector<models::Rule>& rules) {
  std::vector<std::size_t> by_kind(examples.kinds.size());
  for (const models::Example& example : examples.examples) {
    if (!example.failed()) continue;
    bool is_explained = false;
    for (const models::Rule& rule : rules)
      is_explained = is_explained || rule.Matches(example.values);
    if (!is_explained) ++by_kind[*example.kind];
  }
  return by_kind;
}

}  // namespace

RulesReport ReportRules(std::span<const RunLog* const> runs,
                        const Result<std::vector<Constraint>>& known) {
  RulesReport report;
  report.workload = runs.front()->header.workload.name;
  report.target = runs.front()->header.target;
  report.examples = ExamplesOf(runs);
  const Result<std::vector<Space>> read = KnownSpaces(report.examples.parameters, known);
  if (!read.ok()) report.no_known = read.status().message();
  const std::vector<Space> spaces = read.ok() ? *read : std::vector<Space>();
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    report.known.push_back(JudgeKnown((*known)[i], spaces[i], report.examples));
  }
  const std::vector<models::Rule> rules = models::LearnRules(report.examples);
  report.unexplained = Unexplained(report.examples, rules);
  for (const models::Rule& rule : rules) {
    report.learned.push_back(BesideKnown(rule, spaces, report.examples));
  }
  return report;
}

}  // namespace foothold::report
