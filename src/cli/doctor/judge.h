#pragma once

#include <string>
#include <vector>

#include "cli/doctor/facts.h"

namespace foothold::doctor {

enum class Verdict {
  kOk,
  kWarning,  ///< everything works, but not as well as it could
  kProblem,  ///< something that Foothold needs does not work
};
std::string_view ToString(Verdict verdict);

/// What one check found. Plain sentences without a full stop.
struct Finding {
  std::string check;  ///< one word or two: "compiler"
  Verdict verdict = Verdict::kOk;
  std::string what;  ///< with its numbers; for what is not ok, also what will not work
  std::string fix;   ///< empty where there is nothing to do
};

/// One finding for each check, always in the same order. A function of its arguments. `jobs` > 0:
/// how many candidates are to be built at once.
std::vector<Finding> Judge(const Facts& facts, std::size_t jobs);

}  // namespace foothold::doctor
