#include "studies/recorded_spaces/spaces_benchmark.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "foothold/searchers.h"

namespace foothold::studies {
namespace {

/// "spaces/convolution_A100.json.gz" -> "convolution_A100"
std::string NameOf(const std::string& path) {
  const std::string file = path.substr(path.find_last_of('/') + 1);
  return file.substr(0, file.find('.', 1));
}

/// What a file says of each config, in an order and in words that do not depend on its format.
std::map<std::string, std::optional<double>> Contents(const ReplayedSpace& replayed) {
  const std::vector<RecordedParameter>& parameters = replayed.recorded().parameters;
  std::vector<std::size_t> order(parameters.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return parameters[a].name < parameters[b].name; });
  std::map<std::string, std::optional<double>> contents;
  for (std::uint64_t rank = 0; rank < replayed.space().valid_count(); ++rank) {
    const RecordedTrial& trial = replayed.trial(rank);
    std::string key;
    for (const std::size_t i : order) {
      key += parameters[i].name + "=" + replayed.ValueText(i, trial.config) + " ";
    }
    contents.emplace(std::move(key), trial.objective);
  }
  return contents;
}

/// One run to be done, and where its results go.
struct Job {
  const BenchmarkSpace* space = nullptr;
  const std::string* searcher = nullptr;
  std::uint64_t seed = 0;
  SpaceRun* run = nullptr;
  std::vector<float>* published = nullptr;  // its places
  std::vector<float>* valid = nullptr;
};

SpaceRun Summarise(const RecordedRun& run, const BenchmarkSpace& space) {
  SpaceRun summary;
  summary.trials = run.steps.size();
  summary.search_s = run.search_s;
  if (!run.steps.empty()) summary.tuning_s = run.steps.back().at_s;
  for (const RecordedStep& step : run.steps) {
    const RecordedTrial& trial = space.replayed.trial(step.rank);
    if (trial.outcome != Outcome::kCorrect) {
      ++summary.failed;
      summary.failed_s += space.replayed.TrialCost(trial);
    } else if (summary.best_s == 0 || Seconds(trial) < summary.best_s) {
      summary.best_s = Seconds(trial);
    }
  }
  if (summary.best_s > 0) summary.best_place = space.baseline.PlaceOf(summary.best_s);
  return summary;
}

double RunLength(const RandomBaseline& baseline) {
  return std::max(baseline.WindowEnd(ScoreKind::kPublished), baseline.WindowEnd(ScoreKind::kValid));
}

Status RunJob(const Job& job, const SpacesOptions& options) {
  const BenchmarkSpace& space = *job.space;
  FOOTHOLD_ASSIGN_OR_RETURN(
      const auto searcher,
      MakeSearcher(*job.searcher, {space.replayed.space(), job.seed, options.knowledge}));
  const RecordedRun run = RunOnRecorded(*searcher, options.knowledge, space.replayed,
                                        RunLength(space.baseline), options.batch_size);
  *job.run = Summarise(run, space);
  *job.published = PlacesOf(run, space.replayed, space.baseline,
                            ScoreTimes(space.baseline, ScoreKind::kPublished));
  *job.valid =
      PlacesOf(run, space.replayed, space.baseline, ScoreTimes(space.baseline, ScoreKind::kValid));
  return {};
}

ScoredSpace Describe(const BenchmarkSpace& space) {
  const RandomBaseline& baseline = space.baseline;
  ScoredSpace scored;
  scored.name = space.name;
  scored.device = space.replayed.recorded().device;
  scored.kernel = space.replayed.recorded().kernel;
  scored.configs = baseline.configs();
  scored.correct = baseline.times().size();
  for (std::uint64_t rank = 0; rank < scored.configs; ++rank) {
    ++scored.outcomes[space.replayed.trial(rank).outcome];
  }
  scored.optimum_s = baseline.optimum();
  scored.median_s = baseline.median();
  scored.draws = baseline.DrawsTo(RandomBaseline::kEnd);
  scored.mean_valid_cost_s = baseline.mean_valid_cost();
  scored.mean_invalid_cost_s = baseline.mean_invalid_cost();
  scored.window_s = baseline.WindowEnd(ScoreKind::kPublished);
  scored.valid_window_s = baseline.WindowEnd(ScoreKind::kValid);
  return scored;
}

/// The places of all runs of one searcher on one space.
struct Places {
  std::vector<std::vector<float>> published;
  std::vector<std::vector<float>> valid;
};

}  // namespace

Performance SpacesResult::MeanPublished(std::size_t searcher) const {
  std::vector<Performance> all;
  for (const ScoredSpace& space : spaces) all.push_back(space.entries.at(searcher).published);
  return MeanPerformance(all);
}

Performance SpacesResult::MeanValid(std::size_t searcher) const {
  std::vector<Performance> all;
  for (const ScoredSpace& space : spaces) all.push_back(space.entries.at(searcher).valid);
  return MeanPerformance(all);
}

Result<BenchmarkSpaces> ReadBenchmarkSpaces(Env& env, const std::vector<std::string>& paths) {
  BenchmarkSpaces read;
  std::vector<std::map<std::string, std::optional<double>>> known;
  for (const std::string& path : paths) {
    FOOTHOLD_ASSIGN_OR_RETURN(RecordedSpace recorded, ReadRecordedSpace(env, path));
    FOOTHOLD_ASSIGN_OR_RETURN(ReplayedSpace replayed,
                              ReplayedSpace::Create(std::move(recorded), path));
    const auto& trials = replayed.recorded().trials;
    if (std::none_of(trials.begin(), trials.end(),
                     [](const auto& trial) { return trial.outcome == Outcome::kCorrect; })) {
      return Status::InvalidArgument(fmt::format("{}: no config is correct, one must be", path));
    }
    auto contents = Contents(replayed);
    const auto same = std::find(known.begin(), known.end(), contents);
    if (same != known.end()) {
      const auto place = static_cast<std::size_t>(same - known.begin());
      read.left_out.push_back(fmt::format("{} says the same as {} and is left out", NameOf(path),
                                          read.spaces[place].name));
      continue;
    }
    known.push_back(std::move(contents));
    RandomBaseline baseline(replayed);
    if (!CanBeScored(baseline)) {
      return Status::InvalidArgument(fmt::format(
          "{}: {} configs are correct, too few for a score: random search finds the best at once",
          path, baseline.times().size()));
    }
    read.spaces.push_back({NameOf(path), std::move(replayed), std::move(baseline)});
  }
  return read;
}

Result<std::optional<SpacesResult>> RunSpacesBenchmark(const BenchmarkSpaces& spaces,
                                                       const std::vector<std::string>& searchers,
                                                       const SpacesOptions& options,
                                                       const OnRun& on_run,
                                                       const std::atomic<bool>& interrupt) {
  FOOTHOLD_CHECK(options.seeds > 0 && !spaces.spaces.empty() && !searchers.empty());
  SpacesResult result{options, searchers, spaces.left_out, {}};
  std::vector<std::vector<Places>> places;  // by space and searcher
  std::vector<Job> jobs;
  for (const BenchmarkSpace& space : spaces.spaces) {
    ScoredSpace& scored = result.spaces.emplace_back(Describe(space));
    for (const std::string& searcher : searchers) {
      scored.entries.push_back({searcher, {}, {}, std::vector<SpaceRun>(options.seeds)});
    }
    Places empty{std::vector<std::vector<float>>(options.seeds),
                 std::vector<std::vector<float>>(options.seeds)};
    places.emplace_back(searchers.size(), std::move(empty));
  }
  for (std::size_t s = 0; s < spaces.spaces.size(); ++s) {
    for (std::size_t e = 0; e < searchers.size(); ++e) {
      for (std::uint64_t i = 0; i < options.seeds; ++i) {
        jobs.push_back({&spaces.spaces[s], &searchers[e], options.first_seed + i,
                        &result.spaces[s].entries[e].runs[i], &places[s][e].published[i],
                        &places[s][e].valid[i]});
      }
    }
  }
  FOOTHOLD_ASSIGN_OR_RETURN(
      const bool all,
      RunAll(
          jobs.size(), options.jobs, [&](std::size_t i) { return RunJob(jobs[i], options); },
          on_run, interrupt));
  if (!all) return std::optional<SpacesResult>();
  for (std::size_t s = 0; s < spaces.spaces.size(); ++s) {
    for (std::size_t e = 0; e < searchers.size(); ++e) {
      const RandomBaseline& baseline = spaces.spaces[s].baseline;
      SpaceEntry& entry = result.spaces[s].entries[e];
      entry.published = PerformanceOf(places[s][e].published, baseline, ScoreKind::kPublished);
      entry.valid = PerformanceOf(places[s][e].valid, baseline, ScoreKind::kValid);
    }
  }
  return std::optional(std::move(result));
}

}  // namespace foothold::studies
