#include "report/page/rules.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "report/page/model_text.h"

namespace foothold::report {
namespace {

// In short: which of several known rules the configs break is for foothold log rules.
std::string Standing(const LearnedRule& learned, const RulesReport& report) {
  const std::size_t matched = learned.rule.matched;
  if (IsNews(learned, report)) {
    return fmt::format("NEWS: {} of {} not known to the target", learned.breaks_none, matched);
  }
  const std::vector<std::size_t>& counts = learned.breaks_known;
  const bool is_one = std::find(counts.begin(), counts.end(), matched) != counts.end();
  if (counts.empty() || is_one) return Shortened(StandingText(learned, report));
  const auto parts =
      std::count_if(counts.begin(), counts.end(), [](std::size_t count) { return count > 0; });
  return fmt::format("known in parts, by {} rules of the target", parts);
}

base::Json RuleJson(const LearnedRule& learned, const RulesReport& report) {
  return {{"rule", Shortened(ToString(learned.rule, report.examples.parameters))},
          {"counts", CountsText(learned.rule)},
          {"limit", LimitText(learned.rule)},
          {"standing", Standing(learned, report)},
          {"is_news", IsNews(learned, report)}};
}

// The failures of each kind, by how they are explained.
struct Branch {
  std::size_t configs = 0;
  std::vector<const LearnedRule*> rules;
};

std::vector<Branch> Branches(const RulesReport& report) {
  std::vector<Branch> branches(report.examples.kinds.size());
  for (const models::Example& example : report.examples.examples) {
    if (example.failed()) ++branches[*example.kind].configs;
  }
  for (const LearnedRule& learned : report.learned) {
    branches[learned.rule.kind].rules.push_back(&learned);
  }
  return branches;
}

base::Json FailuresJson(const RulesReport& report, std::size_t limit) {
  const std::vector<Branch> branches = Branches(report);
  base::Json json = base::Json::Array();
  for (std::size_t kind = 0; kind < branches.size() && limit > 0; ++kind) {
    base::Json rules = base::Json::Array();
    for (const LearnedRule* learned : branches[kind].rules) {
      if (limit == 0) break;
      rules.push_back(RuleJson(*learned, report));
      --limit;
    }
    // A way to fail that has no rule is a line too.
    if (branches[kind].rules.empty()) --limit;
    json.push_back({{"failure", Shortened(ToString(report.examples.kinds[kind]))},
                    {"configs", branches[kind].configs},
                    {"rules", std::move(rules)},
                    {"unexplained", report.unexplained[kind]}});
  }
  return json;
}

base::Json KnownJson(const RulesReport& report, std::size_t limit) {
  // Those that are wrong first: they are not to be left out.
  std::vector<const KnownRule*> order;
  for (const KnownRule& known : report.known) order.push_back(&known);
  std::stable_partition(order.begin(), order.end(),
                        [](const KnownRule* known) { return !known->contradictions.empty(); });
  base::Json json = base::Json::Array();
  for (std::size_t i = 0; i < std::min(limit, order.size()); ++i) {
    const KnownRule& known = *order[i];
    base::Json example = nullptr;
    if (!known.contradictions.empty()) {
      example = Shortened(ToString(report.examples.parameters, known.contradictions.front()));
    }
    json.push_back({{"rule", Shortened(known.description)},
                    {"broken", known.violated},
                    {"failed", known.failed},
                    {"disagreements", known.contradictions.size()},
                    {"example", example}});
  }
  return json;
}

std::size_t ShownRules(const base::Json& failures) {
  std::size_t shown = 0;
  for (const base::Json& failure : failures.elements()) shown += failure["rules"].size();
  return shown;
}

}  // namespace

base::Json RulesJson(const RulesReport& report, std::size_t limit) {
  const std::size_t failed = report.examples.failures();
  const auto is_broken = [](const KnownRule& known) { return known.violated > 0; };
  if (failed == 0 && std::none_of(report.known.begin(), report.known.end(), is_broken)) {
    return nullptr;
  }
  const auto disagrees = [](const KnownRule& known) { return !known.contradictions.empty(); };
  const auto is_news = [&](const LearnedRule& learned) { return IsNews(learned, report); };
  base::Json json = {
      {"failed", failed},
      {"explained", ExplainedFailures(report)},
      {"learned", report.learned.size()},
      {"news", std::count_if(report.learned.begin(), report.learned.end(), is_news)},
      {"disagreements", std::count_if(report.known.begin(), report.known.end(), disagrees)}};
  json["failures"] = FailuresJson(report, limit);
  json["known"] = KnownJson(report, limit);
  json["no_known"] = report.no_known ? base::Json(Shortened(*report.no_known)) : base::Json();
  json["left_out"] = {{"learned", report.learned.size() - ShownRules(json["failures"])},
                      {"known", report.known.size() - json["known"].size()}};
  return json;
}

}  // namespace foothold::report
