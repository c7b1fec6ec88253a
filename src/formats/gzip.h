#pragma once

#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::formats {

/// Whether the bytes begin as a gzip file does (RFC 1952).
bool IsGzip(std::string_view bytes);

/// What a gzip file holds. DataLoss naming `path` when it is damaged, torn, or holds more than
/// 1 GiB, or more than 32 MiB and 64 times its own size. REQUIRES: IsGzip(bytes).
Result<std::string> Gunzip(std::string_view bytes, std::string_view path);

}  // namespace foothold::formats
