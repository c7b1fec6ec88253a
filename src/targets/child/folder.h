#pragma once

#include <string>
#include <utility>

#include "foothold/env.h"

namespace foothold::child {

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
  ~OwnedFolder() {
    if (path_.empty()) return;
    const Status removed = env_->RemoveTree(path_);
    if (!removed.ok()) env_->Note("folder", removed.message());
  }

  const std::string& path() const { return path_; }
  /// Whether it is there, a folder, and open to this user. Candidates remove, replace and close
  /// folders, their own and others'.
  bool IsUsable() const { return env_->IsUsableDirectory(path_); }
  /// Makes it again, empty, under the same path.
  Status Restore() const {
    FOOTHOLD_RETURN_IF_ERROR(env_->RemoveTree(path_));
    return env_->CreateDirectories(path_);
  }

 private:
  OwnedFolder(Env& env, std::string path) : env_(&env), path_(std::move(path)) {}

  Env* env_;
  std::string path_;
};

}  // namespace foothold::child
