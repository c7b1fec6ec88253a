#include "tune/final.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "base/statistics.h"

namespace foothold::tune {

FinalProgress ProgressOf(const measure::Comparison& comparison, int most_rounds) {
  FinalProgress progress;
  progress.leaders = comparison.candidates.size();
  progress.most_rounds = static_cast<std::uint64_t>(most_rounds);
  for (const measure::Comparison::Candidate& candidate : comparison.candidates) {
    if (candidate.tied) ++progress.tied;
    progress.rounds = std::max<std::uint64_t>(progress.rounds, candidate.seconds.size());
  }
  return progress;
}

FinalRecord MakeFinal(const measure::Comparison& comparison, std::span<const std::uint64_t> trials,
                      std::uint64_t finished_trials, double wall_clock) {
  FOOTHOLD_CHECK(comparison.best && comparison.candidates.size() == trials.size());
  std::vector<std::tuple<bool, bool, double, std::size_t>> order;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const measure::Comparison::Candidate& candidate = comparison.candidates[i];
    if (candidate.failure || candidate.seconds.empty()) continue;
    order.emplace_back(i != *comparison.best, !candidate.tied,
                       base::Median(candidate.seconds).value(), i);
  }
  std::sort(order.begin(), order.end());
  FinalRecord record;
  record.trials = finished_trials;
  record.wall_clock = wall_clock;
  for (const auto& place : order) {
    const std::size_t i = std::get<3>(place);
    const measure::Comparison::Candidate& candidate = comparison.candidates[i];
    record.finalists.push_back({trials[i], candidate.tied, candidate.seconds});
  }
  return record;
}

}  // namespace foothold::tune
