#include "base/check.h"

#include <cstdio>
#include <cstdlib>

#include "foothold/status.h"

namespace foothold::base {

void CheckFailed(const char* file, int line, const char* condition, std::string_view message) {
  std::fprintf(stderr, "%s:%d: internal error: %s does not hold%s%.*s\n", file, line, condition,
               message.empty() ? "" : ": ", static_cast<int>(message.size()), message.data());
  std::fprintf(stderr,
               "This is a bug in Foothold; please report it with the command that led here.\n");
  std::abort();
}

}  // namespace foothold::base

namespace foothold::internal {

void FailOnMissingValue(const Status& status) {
  base::CheckFailed(__FILE__, __LINE__, "Result::ok()", status.message());
}

}  // namespace foothold::internal
