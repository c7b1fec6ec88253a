#pragma once

#include <string>
#include <utility>

#include "foothold/env.h"

namespace foothold {

/// A temporary folder that is one candidate's own, or a task's, and goes with it.
class OwnedFolder {
 public:
  static Result<OwnedFolder> Create(Env& env, std::string_view prefix) {
    FOOTHOLD_ASSIGN_OR_RETURN(std::string path, env.CreateTemporaryDirectory(prefix));
    return OwnedFolder(env, std::move(path));
  }
  OwnedFolder(OwnedFolder&& other) noexcept
      : env_(other.env_), path_(std::exchange(other.path_, "")) {}
  OwnedFolder& operator=(OwnedFolder&&) = delete;
  OwnedFolder(const OwnedFolder&) = delete;
  OwnedFolder& operator=(const OwnedFolder&) = delete;
  // What cannot be removed stays in the system's temporary folder, and harms nobody.
  ~OwnedFolder() {
    if (!path_.empty()) (void)env_->RemoveTree(path_);
  }

  const std::string& path() const { return path_; }

 private:
  OwnedFolder(Env& env, std::string path) : env_(&env), path_(std::move(path)) {}

  Env* env_;
  std::string path_;
};

}  // namespace foothold
