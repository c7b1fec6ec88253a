#include "learned_rules/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/check.h"

namespace foothold {
namespace {

/// What a log says of one config; no failure: correct, or built and not measured.
struct Verdict {
  std::size_t order = 0;  // of its first mention
  bool measured = false;
  std::optional<FailureKind> failure;
};

using Verdicts = std::map<Config, Verdict>;

Verdict& At(Verdicts& verdicts, const Config& config) {
  return verdicts.try_emplace(config, Verdict{verdicts.size(), false, {}}).first->second;
}

Verdicts VerdictsOf(std::span<const RunLog* const> runs) {
  Verdicts verdicts;
  for (const RunLog* run : runs) {
    FOOTHOLD_CHECK(run->header.parameters == runs.front()->header.parameters);
    for (const BuildRecord& build : run->builds) {
      Verdict& verdict = At(verdicts, build.report.config);
      if (verdict.measured || build.report.ok()) continue;
      const Failure& failure = *build.report.failure;
      verdict.failure = FailureKind{failure.outcome, failure.stage, WordsOf(failure.reason)};
    }
    for (const TrialRecord& trial : run->trials) {
      const Measurement& measurement = trial.measurement;
      Verdict& verdict = At(verdicts, measurement.config);
      verdict.measured = true;
      verdict.failure.reset();
      if (measurement.outcome == Outcome::kCorrect) continue;
      verdict.failure =
          FailureKind{measurement.outcome, measurement.stage, WordsOf(measurement.reason)};
    }
  }
  return verdicts;
}

/// The most frequent first; in their own order where they are as frequent.
std::vector<FailureKind> KindsOf(const Verdicts& verdicts) {
  std::map<FailureKind, std::size_t> counts;
  for (const auto& [config, verdict] : verdicts) {
    if (verdict.failure) ++counts[*verdict.failure];
  }
  std::vector<FailureKind> kinds;
  for (const auto& [kind, count] : counts) kinds.push_back(kind);
  std::stable_sort(kinds.begin(), kinds.end(),
                   [&](const auto& a, const auto& b) { return counts[a] > counts[b]; });
  return kinds;
}

}  // namespace

std::string WordsOf(std::string_view reason) {
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::string words;
  for (std::size_t i = 0; i < reason.size(); ++i) {
    if (!digit(reason[i])) {
      words += reason[i];
      continue;
    }
    // Signs within a number, as in 52,480 and 0.5, belong to it when a digit follows.
    while (i + 1 < reason.size() &&
           (digit(reason[i + 1]) || ((reason[i + 1] == ',' || reason[i + 1] == '.') &&
                                     i + 2 < reason.size() && digit(reason[i + 2])))) {
      ++i;
    }
    words += 'N';
  }
  return words;
}

std::string ToString(const FailureKind& kind) {
  std::string text(ToString(kind.outcome));
  if (!kind.stage.empty()) text += " at " + kind.stage;
  if (!kind.words.empty()) text += ": " + kind.words;
  return text;
}

std::size_t Examples::failures() const {
  return static_cast<std::size_t>(
      std::count_if(examples.begin(), examples.end(), [](const Example& e) { return e.failed(); }));
}

std::size_t Examples::correct() const {
  return static_cast<std::size_t>(
      std::count_if(examples.begin(), examples.end(), [](const Example& e) { return e.correct; }));
}

Examples ExamplesOf(std::span<const RunLog* const> runs) {
  FOOTHOLD_CHECK(!runs.empty());
  Examples all;
  all.parameters = runs.front()->header.parameters;
  const Verdicts verdicts = VerdictsOf(runs);
  all.kinds = KindsOf(verdicts);
  all.examples.resize(verdicts.size());
  for (const auto& [config, verdict] : verdicts) {
    Example& example = all.examples[verdict.order];
    example.config = config;
    for (std::size_t i = 0; i < all.parameters.size(); ++i) {
      example.values.push_back(all.parameters[i].values[config.choices[i]]);
    }
    example.correct = verdict.measured && !verdict.failure;
    if (!verdict.failure) continue;
    const auto kind = std::find(all.kinds.begin(), all.kinds.end(), *verdict.failure);
    example.kind = static_cast<std::size_t>(kind - all.kinds.begin());
  }
  return all;
}

}  // namespace foothold
