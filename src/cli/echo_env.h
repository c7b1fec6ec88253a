#pragma once

#include <memory>

#include "foothold/env.h"

namespace foothold::cli {

/// Like `base`, which must outlive it; and shows on the standard error each program that is run:
/// the command line before it starts, and what it printed and how it ended when it is gone.
std::unique_ptr<Env> MakeEchoEnv(Env& base);

}  // namespace foothold::cli
