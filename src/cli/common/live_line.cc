#include "cli/common/live_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/terminal_text.h"
#include "cli/common/output.h"

namespace foothold::cli {
namespace {

constexpr double kTerminalIntervalSeconds = 0.1;
constexpr double kPlainIntervalSeconds = 5.0;
constexpr const char* kStartOfLine = "\r";
constexpr const char* kEraseRest = "\033[K";

std::size_t TerminalWidth(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

LiveLine::Mode LiveLine::ModeFor(std::FILE* stream) {
  return isatty(fileno(stream)) != 0 ? Mode::kTerminal : Mode::kPlainLines;
}

void LiveLine::Update(const std::function<std::string()>& text) {
  if (mode_ == Mode::kSilent) return;
  const double now_s = env_.MonotonicSeconds();
  const double interval_s =
      mode_ == Mode::kTerminal ? kTerminalIntervalSeconds : kPlainIntervalSeconds;
  if (now_s - shown_at_s_ < interval_s) return;
  shown_at_s_ = now_s;
  if (mode_ == Mode::kTerminal) {
    // A line that wraps could not be rewritten.
    const std::string fitting = base::TerminalText(text()).substr(0, TerminalWidth(stream_) - 1);
    Write(kStartOfLine + fitting + kEraseRest);
  } else {
    Write(base::TerminalText(text()) + "\n");
  }
}

void LiveLine::End(const std::string& text) {
  if (mode_ == Mode::kSilent) return;
  const std::string line = base::TerminalText(text);
  Write((mode_ == Mode::kTerminal ? kStartOfLine + line + kEraseRest : line) + "\n");
}

/// Progress that cannot be shown ends nothing.
void LiveLine::Write(const std::string& text) {
  std::fflush(stream_);
  WriteWithoutWaiting(fileno(stream_), text);
}

}  // namespace foothold::cli
