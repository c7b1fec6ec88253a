#pragma once

#include <string>
#include <string_view>

#include "foothold/env.h"

namespace foothold::records {

/// Writes `text` to a new file `path`.`what`-N, with the first N that is free; its path.
Result<std::string> WriteBeside(Env& env, const std::string& path, std::string_view what,
                                std::string_view text);

}  // namespace foothold::records
