#pragma once

#include <string>

#include "foothold/env.h"

namespace foothold::cli {

/// Writes a study's page and, beside it, what it was made of: FOLDER/NAME.md and FOLDER/NAME.json.
inline Status WritePageFiles(Env& env, const std::string& folder, const std::string& name,
                             const std::string& markdown, const std::string& json) {
  FOOTHOLD_RETURN_IF_ERROR(env.WriteFileAtomically(folder + "/" + name + ".json", json));
  return env.WriteFileAtomically(folder + "/" + name + ".md", markdown);
}

}  // namespace foothold::cli
