#pragma once

#include <string_view>

namespace foothold::base {
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              std::string_view message);
}  // namespace foothold::base

/// Stops the program when `condition` is false: for bugs of ours only, never for input or
/// candidates. An optional second argument (anything convertible to std::string_view) says what was
/// broken.
#define FOOTHOLD_CHECK(condition, ...)                                \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::foothold::base::CheckFailed(__FILE__, __LINE__, #condition,   \
                                    ::std::string_view{__VA_ARGS__}); \
  } while (false)
