#pragma once

#include <memory>

#include "foothold/env.h"

namespace foothold::cli {

/// Like `base`, which must outlive it; and "-" is the standard input where it is read, the standard
/// output where it is written, and no file to append to. The standard input and pipes, such as a
/// shell's <(command), may be read several times, as if they were files: what they hold is kept, at
/// most kMostStreamBytes of each.
std::unique_ptr<Env> MakeStreamEnv(Env& base);

inline constexpr std::uint64_t kMostStreamBytes = std::uint64_t{256} << 20;

}  // namespace foothold::cli
