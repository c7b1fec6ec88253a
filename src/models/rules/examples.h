#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/space.h"
#include "foothold/target.h"

namespace foothold::models {

/// A way to fail: failures of one kind differ in their numbers only.
struct FailureKind {
  Outcome outcome = Outcome::kCompile;
  std::string stage;
  std::string words;  ///< WordsOf the reason

  friend auto operator<=>(const FailureKind&, const FailureKind&) = default;  // NOLINT: tidy 14
};

/// A reason with N for each number: "needs N B of N B".
std::string WordsOf(std::string_view reason);
FailureKind KindOf(const Failure& failure);
/// "compile at lower.dma: needs N B of N B"
std::string ToString(const FailureKind& kind);

/// What is known of one config.
struct Example {
  Config config;
  std::vector<std::int64_t> values;  ///< of the parameters, in order
  bool correct = false;              ///< it was measured, and was right
  std::optional<std::size_t> kind;   ///< how it failed; neither: it builds, and was not measured

  bool failed() const { return kind.has_value(); }
};

/// The trials and builds of one workload on one target, each config once.
struct Examples {
  std::vector<Parameter> parameters;
  std::vector<FailureKind> kinds;  ///< the most frequent first
  std::vector<Example> examples;   ///< in the log's order

  std::size_t failures() const;
  std::size_t correct() const;
};

/// Collects what becomes of the configs of one space, each of which is one example: a trial says
/// more than a build of the same config, and a later trial more than an earlier one.
class ExampleCollector {
 public:
  explicit ExampleCollector(std::vector<Parameter> parameters);

  void Add(const BuildReport& build);
  void Add(const Measurement& trial);

  std::size_t size() const { return verdicts_.size(); }
  /// In the order in which configs were first told of. O(size * log(size)).
  Examples Collected() const;

 private:
  /// No failure: correct, or built and not measured.
  struct Verdict {
    std::size_t order = 0;
    bool measured = false;
    std::optional<FailureKind> failure;
  };
  Verdict& At(const Config& config);
  std::vector<FailureKind> Kinds() const;

  std::vector<Parameter> parameters_;
  std::map<Config, Verdict> verdicts_;
};

}  // namespace foothold::models
