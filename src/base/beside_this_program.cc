#include "base/beside_this_program.h"

#include <filesystem>

namespace foothold::base {

std::string BesideThisProgram(const std::string& name) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? name : (program.parent_path() / name).string();
}

}  // namespace foothold::base
