#pragma once

#include <string>
#include <string_view>

namespace foothold::opencl_runner {

/// Both throw Unavailable when the file cannot be read or written.
std::string ReadWhole(const std::string& path);
void WriteWhole(const std::string& path, std::string_view data);

}  // namespace foothold::opencl_runner
