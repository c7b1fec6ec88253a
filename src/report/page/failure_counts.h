#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "foothold/record.h"

namespace foothold::report {

/// Failures of the same kind: their reasons differ in their numbers only.
struct FailureCount {
  Outcome outcome = Outcome::kCompile;
  std::string stage;
  std::string example;       ///< the reason of the first of them
  std::uint64_t trials = 0;  ///< that failed so
  std::uint64_t builds = 0;  ///< without a run, likewise
};

/// The kinds of failure in these runs, the most frequent first.
std::vector<FailureCount> CountFailures(const std::vector<const RunLog*>& runs);

}  // namespace foothold::report
