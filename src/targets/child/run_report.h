#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::child {

/// What the run command says about a candidate, on the last line of its stdout that is not empty.
struct RunReport {
  std::vector<double> seconds;  ///< one per repeat, > 0; at least one if `correct`
  bool correct = true;          ///< as far as the program knows
  Metrics metrics;
};

/// Reads a plain number of seconds, or {"seconds": NUMBER or [NUMBER, ...], "correct": BOOL,
/// "metrics": {NAME: NUMBER}}. InvalidArgument saying what is wrong: the candidate's failure, not
/// the tuner's.
Result<RunReport> ParseRunReport(std::string_view out);

}  // namespace foothold::child
