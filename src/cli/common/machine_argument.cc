#include "cli/common/machine_argument.h"

#include <fmt/format.h>

#include <string>

namespace foothold::cli {

Result<vta::VtaMachine> FindVtaMachine(Env& env, std::string_view target) {
  constexpr std::string_view kVta = "vta:";
  if (target.starts_with(kVta)) {
    return vta::FindMachine(env, std::string(target.substr(kVta.size())));
  }
  return Status::NotFound(
      fmt::format("target '{}' has no VTA programs; use vta:MACHINE or vta:FILE.json", target));
}

}  // namespace foothold::cli
