#include "cli/common/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>

#include "base/errno.h"
#include "base/terminal_text.h"

namespace foothold::cli {
namespace {

/// Of the first write that failed; 0 while none did.
int out_error = 0;

/// How long a message waits for a slow reader. The first one that waits in vain is the last to
/// wait.
constexpr int kPatienceMilliseconds = 5000;
int patience_ms = kPatienceMilliseconds;

/// In pieces that a pipe takes whole once it takes any; false when one was not wanted in time.
bool WriteWithin(int descriptor, std::string_view text, int milliseconds) {
  while (!text.empty()) {
    pollfd stream{descriptor, POLLOUT, 0};
    const int ready = base::RetryInterrupted([&] { return ::poll(&stream, 1, milliseconds); });
    if (ready <= 0) return false;
    const std::string_view piece = text.substr(0, PIPE_BUF);
    const auto written =
        base::RetryInterrupted([&] { return ::write(descriptor, piece.data(), piece.size()); });
    if (written <= 0) return errno != EAGAIN;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void Remember(bool is_written) {
  if (!is_written && out_error == 0) out_error = errno;
}

}  // namespace

void WriteOut(std::string_view text) {
  const std::string printable = base::TerminalLines(text);
  Remember(std::fwrite(printable.data(), 1, printable.size(), stdout) == printable.size());
}

void WriteData(std::string_view text) {
  if (::isatty(STDOUT_FILENO) != 0) return WriteOut(text);
  Remember(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void WriteErr(std::string_view text) {
  if (!WriteWithin(STDERR_FILENO, base::TerminalLines(text), patience_ms)) patience_ms = 0;
}

void WriteWithoutWaiting(int descriptor, std::string_view text) {
  WriteWithin(descriptor, text, 0);
}

Status CheckOutput() {
  Remember(std::fflush(stdout) == 0);
  if (out_error == 0) return {};
  return base::ErrnoStatus("standard output", "write", out_error);
}

}  // namespace foothold::cli
