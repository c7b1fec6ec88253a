#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "foothold/target.h"
#include "targets/child/used_files.h"

namespace foothold::command {

/// Collects what commands use: the files and programs that their arguments name, as far as text can
/// tell. `env` and `files` must outlive it.
class UsedByCommands {
 public:
  UsedByCommands(Env& env, child::UsedFiles& files) : env_(env), files_(files) {}

  /// One command, its placeholders filled in. Counted are: the program; every argument that is the
  /// name of a program in PATH; every absolute path to a file in an argument, alone or behind
  /// "--name=", "-I", a quote and the like, with * and ? in its last part; and of a shell's script
  /// (sh -c "...") the programs that it starts and the variables that it takes from the
  /// environment. A path to no file, in a folder that is there, counts as absent: candidates may
  /// make it. What these name in their turn is not looked into, but for #include lines.
  Status Add(const std::vector<std::string>& argv);

  /// The files that a text names by absolute paths.
  Status AddPaths(std::string_view text);

  Dependencies Take() { return std::move(dependencies_); }

 private:
  Status AddPath(const std::string& path);
  Status AddMatches(const std::string& pattern);
  Status AddScript(std::string_view script);
  Status AddVariables(std::string_view script);

  Env& env_;
  child::UsedFiles& files_;
  Dependencies dependencies_;
};

}  // namespace foothold::command
