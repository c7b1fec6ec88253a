#include "records/log/beside.h"

#include <fmt/core.h>

namespace foothold::records {

Result<std::string> WriteBeside(Env& env, const std::string& path, std::string_view what,
                                std::string_view text) {
  for (int number = 1;; ++number) {
    std::string beside = fmt::format("{}.{}-{}", path, what, number);
    if (env.FileExists(beside)) continue;
    FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(beside, text));
    return beside;
  }
}

}  // namespace foothold::records
