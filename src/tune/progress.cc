#include "tune/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace foothold {
namespace {

std::string FormatBest(const TunerProgress& progress, std::int64_t operations) {
  if (!progress.incumbent) return "nothing correct yet";
  const double seconds = progress.incumbent->MeanSeconds();
  return fmt::format("best {:.4g} ms ({:.1f} GOPS)", seconds * 1e3,
                     static_cast<double>(operations) / seconds * 1e-9);
}

/// The best tier first: a tuner's user looks for the correct ones.
std::string FormatOutcomes(const TunerProgress& progress) {
  std::vector<std::string> parts;
  for (auto it = progress.outcomes.rbegin(); it != progress.outcomes.rend(); ++it) {
    if (it->second > 0) parts.push_back(fmt::format("{} {}", it->second, ToString(it->first)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string FormatTimes(const TunerProgress& progress) {
  std::string text = FormatDuration(progress.elapsed_s);
  if (progress.max_seconds) text += " of " + FormatDuration(*progress.max_seconds);
  const std::optional<double> left = SecondsLeft(progress);
  if (left && progress.finished < progress.planned) text += ", " + FormatDuration(*left) + " left";
  return text;
}

}  // namespace

std::string FormatDuration(double seconds) {
  seconds = std::max(seconds, 0.0);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::optional<double> SecondsLeft(const TunerProgress& progress) {
  if (progress.measured == 0) return std::nullopt;
  const std::uint64_t trials =
      progress.planned > progress.finished ? progress.planned - progress.finished : 0;
  double left =
      static_cast<double>(trials) * progress.elapsed_s / static_cast<double>(progress.measured);
  if (progress.max_seconds) left = std::min(left, *progress.max_seconds - progress.elapsed_s);
  return std::max(left, 0.0);
}

std::string FormatProgress(const TunerProgress& progress, std::int64_t operations,
                           std::size_t width) {
  // In the order of the line; `rank` says which stay when there is little room.
  struct Part {
    int rank;
    std::string text;
  };
  const std::array<Part, 4> parts = {
      Part{1, fmt::format("{}/{}", progress.finished, progress.planned)},
      Part{0, FormatBest(progress, operations)}, Part{3, FormatOutcomes(progress)},
      Part{2, FormatTimes(progress)}};
  for (int ranks = 4; ranks > 0; --ranks) {
    std::vector<std::string> shown;
    for (const Part& part : parts) {
      if (part.rank < ranks && !part.text.empty()) shown.push_back(part.text);
    }
    std::string line = fmt::format("{}", fmt::join(shown, "  "));
    if (line.size() <= width) return line;
  }
  return FormatBest(progress, operations).substr(0, width);
}

}  // namespace foothold
