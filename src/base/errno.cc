#include "base/errno.h"

#include <fmt/core.h>

#include <system_error>

namespace foothold::base {

Status ErrnoStatus(const std::string& subject, std::string_view action, int error) {
  std::string message =
      fmt::format("{}: cannot {}: {}", subject, action, std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return Status::NotFound(std::move(message));
    case EMFILE:
      return Status::IoError(message + "; allow this process more of them, as with ulimit -n 1024");
    case EWOULDBLOCK:
      return Status::Unavailable(std::move(message));
    default:
      return Status::IoError(std::move(message));
  }
}

}  // namespace foothold::base
