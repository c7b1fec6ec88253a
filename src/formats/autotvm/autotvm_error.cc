#include "formats/autotvm/autotvm_error.h"

#include <fmt/core.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "base/check.h"

namespace foothold::formats {
namespace {

struct ErrorKind {
  std::string_view name;
  Outcome outcome;  ///< what it says about the config
};

/// Indexed by number.
constexpr std::array<ErrorKind, kMaxAutotvmError + 1> kErrors = {{
    {"NO_ERROR", Outcome::kCorrect},
    {"INSTANTIATION_ERROR", Outcome::kCompile},
    {"COMPILE_HOST", Outcome::kCompile},
    {"COMPILE_DEVICE", Outcome::kCompile},
    {"RUNTIME_DEVICE", Outcome::kRuntime},
    {"WRONG_ANSWER", Outcome::kCorrectness},
    {"BUILD_TIMEOUT", Outcome::kCompile},
    {"RUN_TIMEOUT", Outcome::kTimeout},
    {"UNKNOWN_ERROR", Outcome::kRuntime},
}};

struct ErrorRule {
  Outcome outcome;
  std::string_view stage;  ///< of the failure; empty: any
  int number;
};

/// The first that fits counts.
constexpr std::array<ErrorRule, 9> kRules = {{
    {Outcome::kConstraints, "", 1},  // AutoTVM's template refuses the config
    {Outcome::kCompile, "build.timeout", 6},
    {Outcome::kCompile, "build.cpu", 6},
    {Outcome::kCompile, "", 2},
    {Outcome::kRuntime, "", 4},
    {Outcome::kCorrectness, "", 5},
    {Outcome::kTimeout, "", 7},
    {Outcome::kSlow, "", 7},  // AutoTVM has one limit, and no word for a bound
    {Outcome::kCorrect, "", 0},
}};

}  // namespace

int AutotvmErrorOf(const Measurement& measurement) {
  for (int number = 1; number <= kMaxAutotvmError; ++number) {
    if (measurement.failure == FailureOfAutotvmError(number)) return number;
  }
  const Outcome outcome = measurement.outcome();
  for (const ErrorRule& rule : kRules) {
    if (rule.outcome != outcome) continue;
    if (rule.stage.empty() || measurement.failure->stage == rule.stage) return rule.number;
  }
  FOOTHOLD_CHECK(false, "no such outcome");
  return 0;
}

std::optional<Failure> FailureOfAutotvmError(int number) {
  if (number == 0) return std::nullopt;
  const ErrorKind& kind = kErrors.at(static_cast<std::size_t>(number));
  return Failure{kind.outcome, "autotvm", fmt::format("error {} ({})", number, kind.name)};
}

}  // namespace foothold::formats
