#include "studies/time_to_best/standings.h"

#include <algorithm>

#include "base/check.h"
#include "base/statistics.h"

namespace foothold::studies {
namespace {

constexpr std::size_t kOptimum = 0;

std::vector<double> Measured(const Entry& entry, std::size_t goal, std::uint64_t budget) {
  std::vector<double> measured;
  for (const RunSummary& run : entry.runs) {
    measured.push_back(static_cast<double>(run.measured[goal] > 0 ? run.measured[goal] : budget));
  }
  return measured;
}

template <typename Value>
std::vector<double> Collect(const Entry& entry, const Value& value) {
  std::vector<double> values;
  for (const RunSummary& run : entry.runs) values.push_back(static_cast<double>(value(run)));
  return values;
}

/// Mean over a network's workloads.
class Average {
 public:
  void Add(double value) {
    sum_ += value;
    ++count_;
  }
  double value() const { return count_ > 0 ? sum_ / count_ : 0; }
  std::optional<double> optional() const {
    return count_ > 0 ? std::optional(value()) : std::nullopt;
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

/// The baseline's entry, in the nearest mode that it took part in.
const Entry* BaselineIn(const Field& field, Knowledge knowledge) {
  const Entry* blind = nullptr;
  for (const Entry& entry : field.entries) {
    if (entry.entrant != kBaseline) continue;
    if (entry.knowledge == knowledge) return &entry;
    if (entry.knowledge == Knowledge::kBlind) blind = &entry;
  }
  return knowledge == Knowledge::kHardware ? nullptr : blind;
}

void AddRatio(const Entry* baseline, double median, std::uint64_t budget, Average& ratios) {
  if (baseline != nullptr) ratios.Add(median / ScoreOf(*baseline, kOptimum, budget).median);
}

/// What a run's seconds to a goal would be if each build without a run cost as much as a trial that
/// does not compile.
double SecondsWithExpensiveBuilds(const RunSummary& run, std::size_t goal, double build_s,
                                  const StageCosts& costs) {
  return run.seconds[goal] +
         static_cast<double>(run.builds_to[goal]) * (costs.failing_compile_s - build_s);
}

Standing StandingOf(const std::vector<const Field*>& fields, std::size_t place,
                    const TimeToBestOptions& options) {
  const Entry& first = fields.front()->entries[place];
  Standing standing;
  standing.entrant = first.entrant;
  standing.knowledge = first.knowledge;
  Average ratio, ratio_in_mode, first_correct, invalid, to_optimum, builds, minutes, search;
  std::array<Average, kGoals.size()> median, interquartile, reached, expensive;
  for (const Field* field : fields) {
    const Entry& entry = field->entries[place];
    const auto median_of = [&](const auto& value) { return *base::Median(Collect(entry, value)); };
    const auto mean_of = [&](const auto& value) { return *base::Mean(Collect(entry, value)); };
    for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
      expensive[goal].Add(median_of([&](const RunSummary& run) {
        return SecondsWithExpensiveBuilds(run, goal, field->build_s, options.costs) / 60;
      }));
      const Score score = ScoreOf(entry, goal, options.budget);
      median[goal].Add(score.median);
      interquartile[goal].Add(score.interquartile);
      reached[goal].Add(score.reached);
      if (goal != kOptimum) continue;
      AddRatio(BaselineIn(*field, Knowledge::kBlind), score.median, options.budget, ratio);
      AddRatio(BaselineIn(*field, entry.knowledge), score.median, options.budget, ratio_in_mode);
    }
    first_correct.Add(median_of([&](const RunSummary& run) {
      return run.first_correct > 0 ? run.first_correct : options.budget;
    }));
    invalid.Add(mean_of([](const RunSummary& run) { return run.invalid; }));
    to_optimum.Add(mean_of([](const RunSummary& run) { return run.invalid_to_optimum; }));
    builds.Add(mean_of([](const RunSummary& run) { return run.builds; }));
    minutes.Add(median_of([](const RunSummary& run) { return run.seconds[kOptimum] / 60; }));
    search.Add(mean_of([](const RunSummary& run) {
      return 1e3 * run.search_s / static_cast<double>(std::max<std::uint64_t>(1, run.trials));
    }));
  }
  for (std::size_t goal = 0; goal < kGoals.size(); ++goal) {
    standing.median[goal] = median[goal].value();
    standing.interquartile[goal] = interquartile[goal].value();
    standing.reached[goal] = reached[goal].value();
    standing.minutes_expensive_builds[goal] = expensive[goal].value();
  }
  standing.ratio = ratio.optional();
  standing.ratio_in_mode = ratio_in_mode.optional();
  standing.first_correct = first_correct.value();
  standing.invalid = invalid.value();
  standing.invalid_to_optimum = to_optimum.value();
  standing.builds = builds.value();
  standing.minutes = minutes.value();
  standing.search_ms = search.value();
  return standing;
}

}  // namespace

Score ScoreOf(const Entry& entry, std::size_t goal, std::uint64_t budget) {
  FOOTHOLD_CHECK(!entry.runs.empty() && goal < kGoals.size());
  const std::vector<double> measured = Measured(entry, goal, budget);
  const auto reached = std::count_if(entry.runs.begin(), entry.runs.end(),
                                     [&](const RunSummary& run) { return run.measured[goal] > 0; });
  return {*base::Median(measured), *base::InterquartileRange(measured),
          static_cast<double>(reached) / static_cast<double>(entry.runs.size())};
}

std::string NetworkOf(const std::string& workload) {
  return workload.substr(0, workload.find('.'));
}

std::vector<std::string> Networks(const Competition& competition) {
  std::vector<std::string> networks;
  for (const Field& field : competition.fields) {
    const std::string network = NetworkOf(field.workload);
    if (std::find(networks.begin(), networks.end(), network) == networks.end()) {
      networks.push_back(network);
    }
  }
  return networks;
}

std::vector<Standing> Standings(const Competition& competition, const std::string& network,
                                const TimeToBestOptions& options) {
  std::vector<const Field*> fields;
  for (const Field& field : competition.fields) {
    if (NetworkOf(field.workload) == network) fields.push_back(&field);
  }
  std::vector<Standing> standings;
  if (fields.empty()) return standings;
  for (std::size_t place = 0; place < fields.front()->entries.size(); ++place) {
    standings.push_back(StandingOf(fields, place, options));
  }
  return standings;
}

}  // namespace foothold::studies
