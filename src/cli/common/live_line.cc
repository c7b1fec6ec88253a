#include "cli/common/live_line.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
    const std::string fitting = text().substr(0, TerminalWidth(stream_) - 1);
    fmt::print(stream_, "{}{}{}", kStartOfLine, fitting, kEraseRest);
  } else {
    fmt::print(stream_, "{}\n", text());
  }
  std::fflush(stream_);
}

void LiveLine::End(const std::string& text) {
  if (mode_ == Mode::kSilent) return;
  fmt::print(stream_, "{}\n", mode_ == Mode::kTerminal ? kStartOfLine + text + kEraseRest : text);
  std::fflush(stream_);
}

}  // namespace foothold::cli
