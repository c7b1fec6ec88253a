#include "native/work_directory.h"

#include <utility>

namespace foothold::native {

Result<WorkDirectory> WorkDirectory::Create(Env& env, std::string_view prefix) {
  FOOTHOLD_ASSIGN_OR_RETURN(std::string path, env.CreateTemporaryDirectory(prefix));
  return WorkDirectory(env, std::move(path));
}

WorkDirectory::WorkDirectory(WorkDirectory&& other) noexcept
    : env_(other.env_), path_(std::exchange(other.path_, {})) {}

// What cannot be removed stays in the system's temporary folder, and harms nobody.
WorkDirectory::~WorkDirectory() {
  if (!path_.empty()) (void)env_.RemoveTree(path_);
}

}  // namespace foothold::native
