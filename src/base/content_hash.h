#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foothold/env.h"
#include "foothold/status.h"

namespace foothold::base {

/// Of a longer file only so many bytes are read, which takes about a second: hashing must not
/// become what a user waits for.
inline constexpr std::uint64_t kMostHashedBytes = std::uint64_t{1} << 28;

/// "sha256 " and 64 digits: what a text is, for comparing.
std::string ContentHash(std::string_view content);

/// The same of a regular file: of all its bytes, whatever its name and its times are, so that a
/// file that was touched has not changed and one that was edited within the same second has. Of a
/// file of more than kMostHashedBytes it is "sha256 <digits> of the first 268435456 of <size>
/// bytes". InvalidArgument for what is no regular file.
Result<std::string> HashFile(Env& env, const std::string& path);

/// The same of a file, or of all regular files below a directory with their names. InvalidArgument
/// for a directory of more than 10,000 files, or nested more than 32 deep.
Result<std::string> HashTree(Env& env, const std::string& path);

}  // namespace foothold::base
