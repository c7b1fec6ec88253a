#include "report/page/ranking.h"

#include <algorithm>
#include <set>

#include "records/log/tied.h"

namespace foothold::report {
namespace {

void AddCorrect(const RunLog& run, std::vector<RankedTrial>& ranked) {
  const std::vector<Measurement> tied = TiedInLastFinal(run);
  for (const Measurement& measurement : tied) {
    ranked.push_back({measurement, measurement.MedianSeconds(), &run});
  }
  // What the final told apart from the best is slower, however lucky its own runs were.
  const double least = tied.empty() ? 0 : tied.front().MedianSeconds();
  for (const TrialRecord& trial : run.trials) {
    const Measurement& measurement = trial.measurement;
    if (measurement.outcome() != Outcome::kCorrect) continue;
    const bool is_tied = std::any_of(tied.begin(), tied.end(), [&](const Measurement& m) {
      return m.config == measurement.config;
    });
    if (is_tied) continue;
    ranked.push_back({measurement, std::max(measurement.MedianSeconds(), least), &run});
  }
}

}  // namespace

std::vector<Measurement> TiedInLastFinal(const RunLog& run) {
  if (run.finals.empty()) return {};
  return records::TiedIn(run.finals.back(), [&](std::uint64_t trial) -> const Measurement& {
    return run.trials[trial].measurement;
  });
}

std::vector<RankedTrial> RankTrials(const std::vector<const RunLog*>& runs) {
  std::vector<RankedTrial> ranked;
  for (const RunLog* run : runs) AddCorrect(*run, ranked);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const RankedTrial& a, const RankedTrial& b) { return a.order < b.order; });
  return ranked;
}

std::vector<const RankedTrial*> Fastest(const std::vector<RankedTrial>& ranked, std::size_t top) {
  std::vector<const RankedTrial*> fastest;
  std::set<Config> seen;
  for (const RankedTrial& trial : ranked) {
    if (fastest.size() == top) break;
    if (seen.insert(trial.measurement.config).second) fastest.push_back(&trial);
  }
  return fastest;
}

}  // namespace foothold::report
