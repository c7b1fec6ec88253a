#pragma once

#include <string>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::native {

/// A temporary directory that goes when this does.
class WorkDirectory {
 public:
  /// Errors are the system's. `env` must outlive it.
  static Result<WorkDirectory> Create(Env& env, std::string_view prefix);
  WorkDirectory(WorkDirectory&& other) noexcept;
  WorkDirectory& operator=(WorkDirectory&&) = delete;
  ~WorkDirectory();

  const std::string& path() const { return path_; }

 private:
  WorkDirectory(Env& env, std::string path) : env_(env), path_(std::move(path)) {}

  Env& env_;
  std::string path_;  // empty when moved from
};

}  // namespace foothold::native
