#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::cli {

/// Whether both names lead to one file that is there.
bool IsSameFile(Env& env, const std::string& a, const std::string& b);

/// InvalidArgument when `output`, the value of `option`, leads to one of the files `inputs`, which
/// would be lost. To be asked before any work is done.
Status CheckIsNoInput(Env& env, const std::string& option, const std::string& output,
                      const std::vector<std::string>& inputs);

}  // namespace foothold::cli
