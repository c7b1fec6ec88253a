#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::child {

/// Collects the files that a target's sources and commands use, for TargetTask::DependsOn. Files
/// that are named twice count once. Not thread-safe; `env` must outlive it.
class UsedFiles {
 public:
  /// Files below `folder`, an absolute path, are called by their paths below it, others by their
  /// whole paths.
  UsedFiles(Env& env, std::string folder) : env_(env), folder_(std::move(folder)) {}

  /// Files that candidates write, and that are never added: a path, or a pattern in the sense of
  /// the shell, relative to `folder` or absolute.
  void Exclude(const std::string& pattern);

  /// Where #include lines are looked for beside the folder of the file that they stand in: the
  /// folders of "-I/some/folder" among the words of `options`.
  void AddIncludeFolders(std::string_view options);

  /// The file, and what it includes: the lines #include "..." and #include <...> that lead to a
  /// file beside it or in an include folder, and so on through these. Macros are not expanded, and
  /// lines count even where the preprocessor would skip them: rather a file too many.
  Status Add(const std::string& path);

  /// That there is no such file, as kAbsentFile. Of several thousand the rest is not added.
  void AddAbsent(const std::string& path);

  /// The file, or all that is below a directory, under the name that the user calls it by.
  Status AddTree(const std::string& name, const std::string& path);

  Dependencies Take() { return std::move(dependencies_); }

 private:
  Status AddIncludes(const std::string& path);
  bool IsExcluded(const std::string& path) const;
  /// What the user calls a file whose normal path this is.
  std::string NameOf(const std::string& path) const;

  Env& env_;
  std::string folder_;
  std::vector<std::string> include_folders_;
  std::vector<std::string> excluded_;
  std::size_t absent_ = 0;
  std::set<std::string> seen_;
  Dependencies dependencies_;
};

/// Adds the content of a program as "program NAME": a path, or a name that is looked for in the
/// environment variable PATH. Nothing is added where there is no such file; whether one was.
Result<bool> AddProgram(Env& env, const std::string& name, Dependencies& dependencies);

/// Whether `path` leads to a regular file.
bool IsRegularFile(Env& env, const std::string& path);

}  // namespace foothold::child
