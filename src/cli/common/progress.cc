#include "cli/common/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "cli/common/figures.h"
#include "foothold/explore.h"

namespace foothold::cli {
namespace {

std::string BestSoFar(const Workload& workload, std::optional<double> seconds) {
  if (!seconds) return "nothing correct yet";
  const double gops = static_cast<double>(OperationCount(workload)) / *seconds / 1e9;
  if (gops <= 0) return fmt::format("best {} ms", Milliseconds(*seconds));
  return fmt::format("best {} ms, {} GOPS", Milliseconds(*seconds), Gops(gops));
}

/// " (11 correct, 83 compile)  3.1 s, 6.6 s left"
std::string CountsAndTimes(const std::string& counts, double elapsed_s,
                           std::optional<double> left_s) {
  std::string text;
  if (!counts.empty()) text += "  (" + counts + ")";
  text += "  " + Duration(elapsed_s);
  if (left_s) text += ", " + Duration(*left_s) + " left";
  return text;
}

/// "  final: 12/30 rounds, 3 of 5 leaders tied"
std::string FinalText(const FinalProgress& final) {
  return fmt::format("  final: {}/{} rounds, {} of {} leaders tied", final.rounds,
                     final.most_rounds, final.tied, final.leaders);
}

}  // namespace

std::string RunsDone(std::uint64_t done, std::uint64_t total, double elapsed_s) {
  const double left = elapsed_s * static_cast<double>(total - done) /
                      static_cast<double>(std::max<std::uint64_t>(1, done));
  return fmt::format("{}/{} runs, {}, {} left", done, total, Duration(elapsed_s), Duration(left));
}

std::string Duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string OutcomeCounts(const std::map<Outcome, std::uint64_t>& outcomes) {
  std::vector<std::string> parts;
  const auto add = [&](Outcome outcome) {
    const auto found = outcomes.find(outcome);
    if (found == outcomes.end() || found->second == 0) return;
    parts.push_back(fmt::format("{} {}", found->second, ToString(outcome)));
  };
  for (const Outcome outcome :
       {Outcome::kCorrect, Outcome::kSlow, Outcome::kCorrectness, Outcome::kTimeout,
        Outcome::kRuntime, Outcome::kCompile, Outcome::kConstraints}) {
    add(outcome);
  }
  return base::Joined(parts, ", ");
}

std::optional<double> SecondsLeft(const TunerProgress& progress) {
  if (progress.measured == 0 || progress.final) return std::nullopt;
  const double pace = progress.elapsed_s / static_cast<double>(progress.measured);
  const auto to_do = progress.planned - std::min(progress.finished, progress.planned);
  const double left_s = pace * static_cast<double>(to_do);
  if (!progress.max_seconds) return left_s;
  return std::min(left_s, std::max(0.0, *progress.max_seconds - progress.elapsed_s));
}

std::string ProgressLine(const Workload& workload, const TunerProgress& progress,
                         std::optional<double> left_s) {
  std::optional<double> best;
  if (progress.incumbent) best = progress.incumbent->MedianSeconds();
  std::string counts = OutcomeCounts(progress.outcomes);
  if (progress.builds > 0) {
    if (!counts.empty()) counts += "; ";
    counts += fmt::format("{} built only", progress.builds);
  }
  return fmt::format("{:<13} {:>4}/{} trials  {}", workload.name, progress.finished,
                     progress.planned, BestSoFar(workload, best)) +
         (progress.final ? FinalText(*progress.final) : "") +
         CountsAndTimes(counts, progress.elapsed_s, left_s);
}

std::string ProgressLine(const Workload& workload, const ExploreProgress& progress) {
  const bool finished = progress.done == progress.total;
  return fmt::format("{:<13} {:>7}/{} configs  {}", workload.name, progress.done, progress.total,
                     BestSoFar(workload, progress.best_seconds)) +
         CountsAndTimes(OutcomeCounts(progress.outcomes), progress.elapsed_s,
                        finished ? std::nullopt : progress.left_s);
}

void ProgressDisplay::Begin(const Workload& workload) {
  workload_ = &workload;
  line_.Begin();
}

void ProgressDisplay::Update(const TunerProgress& progress) {
  line_.Update([&] { return ProgressLine(*workload_, progress, SecondsLeft(progress)); });
}

void ProgressDisplay::End(const TunerProgress& progress, const std::string& remark) {
  line_.End(ProgressLine(*workload_, progress, std::nullopt) + remark);
}

}  // namespace foothold::cli
