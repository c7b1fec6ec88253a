#include "models/rules/examples.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace foothold::models {
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

FailureKind KindOf(const Failure& failure) {
  return {failure.outcome, failure.stage, WordsOf(failure.reason)};
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

ExampleCollector::ExampleCollector(std::vector<Parameter> parameters)
    : parameters_(std::move(parameters)) {}

ExampleCollector::Verdict& ExampleCollector::At(const Config& config) {
  return verdicts_.try_emplace(config, Verdict{verdicts_.size(), false, {}}).first->second;
}

void ExampleCollector::Add(const BuildReport& build) {
  Verdict& verdict = At(build.config);
  if (verdict.measured || build.ok()) return;
  verdict.failure = KindOf(*build.failure);
}

void ExampleCollector::Add(const Measurement& trial) {
  Verdict& verdict = At(trial.config);
  verdict.measured = true;
  verdict.failure.reset();
  if (trial.failure) verdict.failure = KindOf(*trial.failure);
}

/// The most frequent first; in their own order where they are as frequent.
std::vector<FailureKind> ExampleCollector::Kinds() const {
  std::map<FailureKind, std::size_t> counts;
  for (const auto& [config, verdict] : verdicts_) {
    if (verdict.failure) ++counts[*verdict.failure];
  }
  std::vector<FailureKind> kinds;
  for (const auto& [kind, count] : counts) kinds.push_back(kind);
  std::stable_sort(kinds.begin(), kinds.end(),
                   [&](const auto& a, const auto& b) { return counts[a] > counts[b]; });
  return kinds;
}

Examples ExampleCollector::Collected() const {
  Examples all;
  all.parameters = parameters_;
  all.kinds = Kinds();
  all.examples.resize(verdicts_.size());
  for (const auto& [config, verdict] : verdicts_) {
    Example& example = all.examples[verdict.order];
    example.config = config;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      example.values.push_back(parameters_[i].values[config.choices[i]]);
    }
    example.correct = verdict.measured && !verdict.failure;
    if (!verdict.failure) continue;
    const auto kind = std::find(all.kinds.begin(), all.kinds.end(), *verdict.failure);
    example.kind = static_cast<std::size_t>(kind - all.kinds.begin());
  }
  return all;
}

}  // namespace foothold::models
