#include "core/target/autotvm_error.h"

#include "base/check.h"

namespace foothold {

int AutotvmError(Outcome outcome) {
  switch (outcome) {
    case Outcome::kConstraints:
      return 1;
    case Outcome::kCompile:
      return 2;
    case Outcome::kRuntime:
      return 4;
    case Outcome::kCorrectness:
      return 5;
    case Outcome::kTimeout:
    case Outcome::kSlow:  // AutoTVM has one limit, and no word for a bound
      return 7;
    case Outcome::kCorrect:
      return 0;
  }
  FOOTHOLD_CHECK(false, "no such outcome");
  return 0;
}

}  // namespace foothold
