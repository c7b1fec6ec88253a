#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "foothold/status.h"

namespace foothold::base {

/// "<subject>: cannot <action>: <the system's reason>". The one place where errno becomes a Status.
Status ErrnoStatus(const std::string& subject, std::string_view action, int error);

/// `call()` again for as long as a signal interrupts it; its result, -1 with errno on failure.
template <typename Call>
auto RetryInterrupted(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result == -1 && errno == EINTR);
  return result;
}

}  // namespace foothold::base
