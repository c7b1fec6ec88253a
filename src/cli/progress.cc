#include "cli/progress.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/text_table.h"

namespace foothold::cli {
namespace {

constexpr double kTerminalIntervalSeconds = 0.1;
constexpr double kPlainIntervalSeconds = 5.0;
constexpr const char* kStartOfLine = "\r";
constexpr const char* kEraseRest = "\033[K";

std::string BestSoFar(const Workload& workload, const TunerProgress& progress) {
  if (!progress.incumbent) return "nothing correct yet";
  const double seconds = progress.incumbent->MeanSeconds();
  const double gops = static_cast<double>(OperationCount(workload)) / seconds / 1e9;
  return fmt::format("best {} ms, {} GOPS", Milliseconds(seconds), Gops(gops));
}

std::size_t TerminalWidth(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

std::string Duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string OutcomeCounts(const std::map<Outcome, std::uint64_t>& outcomes) {
  std::vector<std::string> parts;
  for (auto it = outcomes.rbegin(); it != outcomes.rend(); ++it) {
    if (it->second > 0) parts.push_back(fmt::format("{} {}", it->second, ToString(it->first)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::optional<double> SecondsLeft(const TunerProgress& progress) {
  if (progress.measured == 0) return std::nullopt;
  const double pace = progress.elapsed_s / static_cast<double>(progress.measured);
  const auto to_do = progress.planned - std::min(progress.finished, progress.planned);
  const double left_s = pace * static_cast<double>(to_do);
  if (!progress.max_seconds) return left_s;
  return std::min(left_s, std::max(0.0, *progress.max_seconds - progress.elapsed_s));
}

std::string ProgressLine(const Workload& workload, const TunerProgress& progress,
                         std::optional<double> left_s) {
  std::string line = fmt::format("{:<13} {:>4}/{} trials  {}", workload.name, progress.finished,
                                 progress.planned, BestSoFar(workload, progress));
  std::string counts = OutcomeCounts(progress.outcomes);
  if (progress.builds > 0) {
    if (!counts.empty()) counts += "; ";
    counts += fmt::format("{} built only", progress.builds);
  }
  if (!counts.empty()) line += "  (" + counts + ")";
  line += "  " + Duration(progress.elapsed_s);
  if (left_s) line += ", " + Duration(*left_s) + " left";
  return line;
}

ProgressDisplay::Mode ProgressDisplay::ModeFor(std::FILE* stream) {
  return isatty(fileno(stream)) != 0 ? Mode::kTerminal : Mode::kPlainLines;
}

void ProgressDisplay::Begin(const Workload& workload) {
  workload_ = &workload;
  shown_at_s_ = env_.MonotonicSeconds();
}

void ProgressDisplay::Update(const TunerProgress& progress) {
  if (mode_ == Mode::kSilent) return;
  const double now_s = env_.MonotonicSeconds();
  const double interval_s =
      mode_ == Mode::kTerminal ? kTerminalIntervalSeconds : kPlainIntervalSeconds;
  if (now_s - shown_at_s_ < interval_s) return;
  shown_at_s_ = now_s;
  Rewrite(ProgressLine(*workload_, progress, SecondsLeft(progress)));
}

void ProgressDisplay::End(const TunerProgress& progress, const std::string& remark) {
  if (mode_ == Mode::kSilent) return;
  const std::string line = ProgressLine(*workload_, progress, std::nullopt) + remark;
  fmt::print(stream_, "{}\n", mode_ == Mode::kTerminal ? kStartOfLine + line + kEraseRest : line);
  std::fflush(stream_);
}

void ProgressDisplay::Rewrite(const std::string& line) {
  if (mode_ == Mode::kTerminal) {
    // A line that wraps could not be rewritten.
    const std::string fitting = line.substr(0, TerminalWidth(stream_) - 1);
    fmt::print(stream_, "{}{}{}", kStartOfLine, fitting, kEraseRest);
  } else {
    fmt::print(stream_, "{}\n", line);
  }
  std::fflush(stream_);
}

}  // namespace foothold::cli
