#include "cli/common/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/terminal_text.h"
#include "process/descriptor.h"

namespace foothold::cli {
namespace {

/// Of the first write that failed; 0 while none did.
int out_error = 0;

void Remember(bool is_written) {
  if (!is_written && out_error == 0) out_error = errno;
}

}  // namespace

void WriteOut(std::string_view text) {
  const std::string printable = TerminalLines(text);
  Remember(std::fwrite(printable.data(), 1, printable.size(), stdout) == printable.size());
}

void WriteData(std::string_view text) {
  if (::isatty(STDOUT_FILENO) != 0) return WriteOut(text);
  Remember(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void WriteErr(std::string_view text) {
  const std::string printable = TerminalLines(text);
  std::fwrite(printable.data(), 1, printable.size(), stderr);
  std::fflush(stderr);
}

Status CheckOutput() {
  Remember(std::fflush(stdout) == 0);
  if (out_error == 0) return {};
  return ErrnoStatus("standard output", "write", out_error);
}

}  // namespace foothold::cli
