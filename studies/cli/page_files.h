#pragma once

#include <string>

#include "foothold/env.h"

namespace foothold::cli {

/// Makes the folder of --output-dir where there is none, before the work of which it gets the
/// result. `folder` may be empty: there is none.
inline Status MakePageFolder(Env& env, const std::string& folder) {
  if (folder.empty()) return {};
  FOOTHOLD_RETURN_IF_ERROR(env.CreateDirectories(folder));
  if (env.IsUsableDirectory(folder)) return {};
  return Status::IoError("--output-dir " + folder + ": cannot write to it");
}

/// Writes a study's page and, beside it, what it was made of: FOLDER/NAME.md and FOLDER/NAME.json.
inline Status WritePageFiles(Env& env, const std::string& folder, const std::string& name,
                             const std::string& markdown, const std::string& json) {
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(folder + "/" + name + ".json", json));
  return env.WriteFileAtomically(folder + "/" + name + ".md", markdown);
}

}  // namespace foothold::cli
