#include "foothold/target.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <numeric>

#include "base/check.h"

namespace foothold {
namespace {

/// Indexed by Outcome.
constexpr std::array<std::string_view, 6> kOutcomeNames = {"constraints", "compile",     "runtime",
                                                           "timeout",     "correctness", "correct"};

}  // namespace

std::string_view ToString(Outcome outcome) {
  const auto index = static_cast<std::size_t>(outcome);
  FOOTHOLD_CHECK(index < kOutcomeNames.size());
  return kOutcomeNames[index];
}

Result<Outcome> ParseOutcome(std::string_view name) {
  for (std::size_t i = 0; i < kOutcomeNames.size(); ++i) {
    if (kOutcomeNames[i] == name) return static_cast<Outcome>(i);
  }
  return Status::InvalidArgument(fmt::format("unknown outcome \"{}\"; the outcomes are {}", name,
                                             fmt::join(kOutcomeNames, ", ")));
}

double Measurement::MeanSeconds() const {
  FOOTHOLD_CHECK(outcome == Outcome::kCorrect && !seconds.empty(),
                 "only a correct measurement has a time");
  return std::accumulate(seconds.begin(), seconds.end(), 0.0) / static_cast<double>(seconds.size());
}

}  // namespace foothold
