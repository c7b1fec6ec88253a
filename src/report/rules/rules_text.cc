// The report for people and for programs.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "report/rules/rules_report.h"

namespace foothold::report {
namespace {

/// "131 compile at lower.threads: ...; 3 ...": the most frequent kinds first.
std::string KindCounts(const std::vector<std::size_t>& by_kind, const models::Examples& examples) {
  std::vector<std::size_t> order(by_kind.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return by_kind[a] > by_kind[b]; });
  std::vector<std::string> texts;
  for (const std::size_t kind : order) {
    if (by_kind[kind] == 0) continue;
    texts.push_back(fmt::format("{} {}", by_kind[kind], ToString(examples.kinds[kind])));
  }
  return base::Joined(texts, "\n      ");
}

std::string KnownText(const KnownRule& known, const RulesReport& report) {
  if (known.violated == 0) return fmt::format("  {}: no trial breaks it\n", known.description);
  std::string text = fmt::format("  {}: {} of {} that break it failed\n", known.description,
                                 known.failed, known.violated);
  if (known.failed > 0) {
    text += fmt::format("      {}\n", KindCounts(known.of_kind, report.examples));
  }
  if (!known.contradictions.empty()) {
    text += fmt::format("      DISAGREES: {} were correct all the same, such as {}\n",
                        known.contradictions.size(),
                        ToString(report.examples.parameters, known.contradictions.front()));
  }
  return text;
}

base::Json TestJson(const models::Test& test, const std::vector<Parameter>& parameters) {
  const char* relation = test.relation == models::Test::Relation::kEqualTo    ? "="
                         : test.relation == models::Test::Relation::kMoreThan ? ">"
                                                                              : "<";
  return {{"term", ToString(test.term, parameters)}, {"is", relation}, {"bound", test.bound}};
}

base::Json KindJson(const models::FailureKind& kind) {
  return {{"outcome", ToString(kind.outcome)}, {"stage", kind.stage}, {"reason", kind.words}};
}

base::Json CountsJson(const std::vector<std::size_t>& by_kind, const models::Examples& examples) {
  base::Json json = base::Json::Array();
  for (std::size_t kind = 0; kind < by_kind.size(); ++kind) {
    if (by_kind[kind] == 0) continue;
    base::Json entry = KindJson(examples.kinds[kind]);
    entry["configs"] = by_kind[kind];
    json.push_back(std::move(entry));
  }
  return json;
}

base::Json KnownJson(const KnownRule& known, const RulesReport& report) {
  base::Json contradictions = base::Json::Array();
  for (const Config& config : known.contradictions) {
    contradictions.push_back(ToString(report.examples.parameters, config));
  }
  return {{"rule", known.description},
          {"broken", known.violated},
          {"failed", known.failed},
          {"failures", CountsJson(known.of_kind, report.examples)},
          {"contradictions", std::move(contradictions)}};
}

}  // namespace

std::string ToString(const models::Rule& rule, const std::vector<Parameter>& parameters) {
  std::vector<std::string> texts;
  for (const models::Test& test : rule.tests) texts.push_back(ToString(test, parameters));
  return base::Joined(texts, " and ");
}

std::string CountsText(const models::Rule& rule) {
  std::string text = fmt::format("{} of {} failed", rule.failed, rule.matched - rule.built);
  if (rule.of_kind < rule.failed) text += fmt::format(", {} of them so", rule.of_kind);
  if (rule.built > 0) text += fmt::format("; {} more build", rule.built);
  return text;
}

std::string LimitText(const models::Rule& rule) {
  const models::Test& last = rule.tests.back();
  if (last.relation == models::Test::Relation::kEqualTo || rule.nearest_failure == last.bound)
    return "";
  const bool is_upper = last.relation == models::Test::Relation::kMoreThan;
  return fmt::format("passes {} {}, fails {} {}", is_upper ? "up to" : "from",
                     models::NumberText(last.bound), is_upper ? "from" : "up to",
                     models::NumberText(rule.nearest_failure));
}

bool IsNews(const LearnedRule& learned, const RulesReport& report) {
  return !report.no_known && !report.known.empty() && learned.breaks_none > 0;
}

std::string StandingText(const LearnedRule& learned, const RulesReport& report) {
  if (report.no_known || report.known.empty()) return "";
  const std::size_t matched = learned.rule.matched;
  if (learned.breaks_none == matched) return "NEWS: not known to the target";
  const std::vector<std::size_t>& counts = learned.breaks_known;
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return counts[a] > counts[b]; });
  const auto name = [&](std::size_t i) { return "\"" + report.known[i].description + "\""; };
  if (counts[order[0]] == matched) return "known: " + name(order[0]);
  std::vector<std::string> names;
  for (const std::size_t i : order) {
    if (counts[i] > 0) names.push_back(fmt::format("{} of {}", counts[i], name(i)));
  }
  const std::string by = base::Joined(names, ", ");
  if (learned.breaks_none == 0) return "known in parts: " + by;
  return fmt::format("NEWS: {} of {} not known to the target; the others break {}",
                     learned.breaks_none, matched, by);
}

std::string ToText(const LearnedRule& learned, const RulesReport& report) {
  const models::Rule& rule = learned.rule;
  std::string text =
      fmt::format("  {}\n      -> {}: {}\n", ToString(rule, report.examples.parameters),
                  ToString(report.examples.kinds[rule.kind]), CountsText(rule));
  for (const std::string& more : {LimitText(rule), StandingText(learned, report)}) {
    if (!more.empty()) text += "      " + more + "\n";
  }
  return text;
}

base::Json ToJson(const LearnedRule& learned, const RulesReport& report) {
  const models::Rule& rule = learned.rule;
  base::Json tests = base::Json::Array();
  for (const models::Test& test : rule.tests) {
    tests.push_back(TestJson(test, report.examples.parameters));
  }
  base::Json known = base::Json::Array();
  for (std::size_t i = 0; i < report.known.size(); ++i) {
    if (learned.breaks_known[i] == 0) continue;
    known.push_back({{"rule", report.known[i].description}, {"configs", learned.breaks_known[i]}});
  }
  return {{"tests", std::move(tests)},
          {"failure", KindJson(report.examples.kinds[rule.kind])},
          {"nearest_failure", rule.nearest_failure},
          {"matched", rule.matched},
          {"failed", rule.failed},
          {"failed_so", rule.of_kind},
          {"built", rule.built},
          {"known", std::move(known)},
          {"not_known", learned.breaks_none}};
}

std::size_t ExplainedFailures(const RulesReport& report) {
  return report.examples.failures() -
         std::accumulate(report.unexplained.begin(), report.unexplained.end(), std::size_t{0});
}

std::string ToText(const RulesReport& report) {
  const models::Examples& examples = report.examples;
  const std::size_t failures = examples.failures();
  const std::size_t explained = ExplainedFailures(report);
  std::string text =
      fmt::format("{} on {}: {} configs, {} correct, {} failed", report.workload, report.target,
                  examples.examples.size(), examples.correct(), failures);
  const std::size_t built = examples.examples.size() - examples.correct() - failures;
  if (built > 0) text += fmt::format(", {} built and not measured", built);
  text += fmt::format("\n\nlearned: {} rules, which explain {} of {} failures\n",
                      report.learned.size(), explained, failures);
  for (const LearnedRule& learned : report.learned) text += ToText(learned, report);
  if (explained < failures) {
    text += fmt::format("not explained:\n      {}\n", KindCounts(report.unexplained, examples));
  }
  text += "\nknown to the target\n";
  if (report.no_known) return text + fmt::format("  not available: {}\n", *report.no_known);
  if (report.known.empty()) text += "  nothing\n";
  for (const KnownRule& known : report.known) text += KnownText(known, report);
  return text;
}

base::Json ToJson(const RulesReport& report) {
  base::Json json = {{"workload", report.workload},
                     {"target", report.target},
                     {"configs", report.examples.examples.size()},
                     {"correct", report.examples.correct()},
                     {"failed", report.examples.failures()}};
  json["learned"] = base::Json::Array();
  for (const LearnedRule& learned : report.learned) {
    json["learned"].push_back(ToJson(learned, report));
  }
  json["unexplained"] = CountsJson(report.unexplained, report.examples);
  json["known"] = base::Json::Array();
  for (const KnownRule& known : report.known) json["known"].push_back(KnownJson(known, report));
  if (report.no_known) json["no_known"] = *report.no_known;
  return json;
}

}  // namespace foothold::report
