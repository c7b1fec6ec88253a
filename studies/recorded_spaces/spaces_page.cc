// The page docs/results/generated/spaces/spaces.md.
#include <fmt/core.h>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "base/text.h"
#include "studies/recorded_spaces/spaces_benchmark.h"

namespace foothold::studies {
namespace {

// Kernel Tuner's published scores on its own twelve spaces (hyper-parameter tuning, 2025).
constexpr double kBestGeneticScore = 0.517;
constexpr double kBestOtherScore = 0.061;

std::string Percent(double share, int digits = 0) {
  return fmt::format("{:.{}f} %", 100 * share, digits);
}

std::string Count(std::uint64_t count) {
  return base::WithThousands(static_cast<std::int64_t>(count));
}

/// "0.412 (0.380 to 0.441)": the score, and where 95 % of the resampled ones lie.
std::string ScoreText(const Performance& performance) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", performance.score,
                     *base::Quantile(performance.resampled, 0.025),
                     *base::Quantile(performance.resampled, 0.975));
}

/// Means over the runs of an entry.
struct RunMeans {
  double trials = 0;
  double failed = 0;
  double failed_time = 0;  ///< share of the recorded seconds
  double at_optimum = 0;   ///< share of the runs that found it
  double within_5 = 0;     ///< that found a config at most 5 % slower
  double nothing = 0;      ///< that found nothing correct
  double slowdown = 0;     ///< median over runs of best / optimum; 0 when some found nothing
  double search_ms = 0;    ///< CPU per trial
};

RunMeans MeansOf(const SpaceEntry& entry, double optimum) {
  constexpr double kNear = 1.05;
  RunMeans means;
  double tuning_s = 0;
  std::vector<double> slowdowns;
  for (const SpaceRun& run : entry.runs) {
    means.trials += static_cast<double>(run.trials);
    means.failed += static_cast<double>(run.failed);
    means.failed_time += run.failed_s;
    tuning_s += run.tuning_s;
    means.search_ms += 1e3 * run.search_s;
    means.nothing += run.best_s > 0 ? 0 : 1;
    means.at_optimum += run.best_s > 0 && run.best_place == 0 ? 1 : 0;
    means.within_5 += run.best_s > 0 && run.best_s <= kNear * optimum ? 1 : 0;
    if (run.best_s > 0) slowdowns.push_back(run.best_s / optimum);
  }
  const auto runs = static_cast<double>(entry.runs.size());
  if (means.trials > 0) means.search_ms /= means.trials;
  if (tuning_s > 0) means.failed_time /= tuning_s;
  if (means.nothing == 0) means.slowdown = *base::Median(slowdowns);
  for (double* mean :
       {&means.trials, &means.failed, &means.at_optimum, &means.within_5, &means.nothing}) {
    *mean /= runs;
  }
  return means;
}

base::Table MeansTable(const SpacesResult& result) {
  base::Table table = base::Table::OfNumbers({"searcher", "P", "P_v", "at the optimum",
                                              "within 5 %", "found nothing", "failed trials",
                                              "of the time", "search, ms a trial"});
  const auto spaces = static_cast<double>(result.spaces.size());
  for (std::size_t i = 0; i < result.searchers.size(); ++i) {
    RunMeans mean;
    for (const ScoredSpace& space : result.spaces) {
      const RunMeans own = MeansOf(space.entries[i], space.optimum_s);
      mean.at_optimum += own.at_optimum / spaces;
      mean.within_5 += own.within_5 / spaces;
      mean.nothing += own.nothing / spaces;
      mean.failed += own.failed / own.trials / spaces;
      mean.failed_time += own.failed_time / spaces;
      mean.search_ms += own.search_ms / spaces;
    }
    table.AddRow({result.searchers[i], ScoreText(result.MeanPublished(i)),
                  ScoreText(result.MeanValid(i)), Percent(mean.at_optimum), Percent(mean.within_5),
                  Percent(mean.nothing), Percent(mean.failed, 1), Percent(mean.failed_time, 1),
                  fmt::format("{:.3f}", mean.search_ms)});
  }
  return table;
}

base::Table SpaceTable(const ScoredSpace& space) {
  base::Table table = base::Table::OfNumbers(
      {"searcher", "P", "P_v", "best / optimum", "at the optimum", "within 5 %", "found nothing",
       "trials", "failed", "of the time", "search, ms a trial"});
  for (const SpaceEntry& entry : space.entries) {
    const RunMeans means = MeansOf(entry, space.optimum_s);
    table.AddRow({entry.searcher, ScoreText(entry.published), ScoreText(entry.valid),
                  means.slowdown > 0 ? fmt::format("{:.3f}", means.slowdown) : "-",
                  Percent(means.at_optimum), Percent(means.within_5), Percent(means.nothing),
                  fmt::format("{:.0f}", means.trials), fmt::format("{:.0f}", means.failed),
                  Percent(means.failed_time, 1), fmt::format("{:.3f}", means.search_ms)});
  }
  return table;
}

base::Table SpacesTable(const SpacesResult& result) {
  base::Table table = base::Table::OfNumbers(
      {"space", "configs", "invalid", "optimum, ms", "median, ms", "valid draws", "window, s",
       "P_v's window, s", "s a valid trial", "s an invalid one"});
  for (const ScoredSpace& space : result.spaces) {
    const double invalid =
        1 - static_cast<double>(space.correct) / static_cast<double>(space.configs);
    table.AddRow(
        {space.name, Count(space.configs), Percent(invalid, 1),
         fmt::format("{:.4g}", 1e3 * space.optimum_s), fmt::format("{:.4g}", 1e3 * space.median_s),
         Count(space.draws), fmt::format("{:.0f}", space.window_s),
         fmt::format("{:.0f}", space.valid_window_s),
         fmt::format("{:.2f}", space.mean_valid_cost_s),
         space.mean_invalid_cost_s > 0 ? fmt::format("{:.2f}", space.mean_invalid_cost_s) : "-"});
  }
  return table;
}

std::string Legend(const SpacesResult& result) {
  return fmt::format(
      "{} seeds, batches of {}, knowledge {}. *P* is the community's performance score, 0 for "
      "random search and 1 for the optimum from the start; *P_v* the same against random search "
      "that pays for its failures in full; in brackets where 95 % of the scores lie when the runs "
      "are drawn again. A run lasts as long as the window: the recorded seconds that random search "
      "is expected to need for 95 % of the way from the median to the optimum. A failed trial "
      "costs what it cost when it was recorded and improves nothing; a run stands at the slowest "
      "config until it finds a correct one, and no run is dropped. *Failed trials* and *of the "
      "time*: their share of a run's trials and of its recorded seconds. *Search*: CPU time of "
      "the searcher, which is not charged.\n",
      result.options.seeds, result.options.batch_size, ToString(result.options.knowledge));
}

base::Json ScoreJson(const Performance& performance) {
  return {{"score", performance.score},
          {"low", *base::Quantile(performance.resampled, 0.025)},
          {"high", *base::Quantile(performance.resampled, 0.975)}};
}

/// What each run of an entry did, figure by figure: a list by seed of each.
base::Json EntryJson(const SpaceEntry& entry) {
  base::Json json = {{"searcher", entry.searcher},
                     {"P", ScoreJson(entry.published)},
                     {"P_v", ScoreJson(entry.valid)}};
  const auto add = [&](std::string_view name, const auto& value) {
    base::Json list = base::Json::Array();
    for (const SpaceRun& run : entry.runs) list.push_back(value(run));
    json[name] = std::move(list);
  };
  const auto if_any = [](const SpaceRun& run, auto value) {
    return run.best_s > 0 ? base::Json(value) : base::Json();
  };
  add("trials", [](const SpaceRun& run) { return run.trials; });
  add("failed", [](const SpaceRun& run) { return run.failed; });
  add("seconds", [](const SpaceRun& run) { return run.tuning_s; });
  add("failed_seconds", [](const SpaceRun& run) { return run.failed_s; });
  add("best_seconds", [&](const SpaceRun& run) { return if_any(run, run.best_s); });
  add("best_place", [&](const SpaceRun& run) { return if_any(run, run.best_place); });
  add("search_seconds", [](const SpaceRun& run) { return run.search_s; });
  return json;
}

base::Json SpaceJson(const ScoredSpace& space) {
  base::Json outcomes = base::Json::Object();
  for (const auto& [outcome, count] : space.outcomes) {
    outcomes[std::string(ToString(outcome))] = count;
  }
  base::Json json = {{"name", space.name},
                     {"device", space.device},
                     {"kernel", space.kernel},
                     {"configs", space.configs},
                     {"outcomes", std::move(outcomes)},
                     {"optimum_seconds", space.optimum_s},
                     {"median_seconds", space.median_s},
                     {"valid_draws", space.draws},
                     {"window_seconds", space.window_s},
                     {"valid_window_seconds", space.valid_window_s},
                     {"mean_valid_cost_seconds", space.mean_valid_cost_s},
                     {"mean_invalid_cost_seconds", space.mean_invalid_cost_s}};
  for (const SpaceEntry& entry : space.entries) json["entries"].push_back(EntryJson(entry));
  return json;
}

base::Json DataOf(const SpacesResult& result) {
  base::Json json = {{"seeds", result.options.seeds},
                     {"first_seed", result.options.first_seed},
                     {"batch_size", result.options.batch_size},
                     {"knowledge", ToString(result.options.knowledge)},
                     {"left_out", result.left_out}};
  for (std::size_t i = 0; i < result.searchers.size(); ++i) {
    json["means"].push_back({{"searcher", result.searchers[i]},
                             {"P", ScoreJson(result.MeanPublished(i))},
                             {"P_v", ScoreJson(result.MeanValid(i))}});
  }
  for (const ScoredSpace& space : result.spaces) json["spaces"].push_back(SpaceJson(space));
  return json;
}

}  // namespace

Page ToPage(const SpacesResult& result) {
  Page page("spaces", "Recorded spaces", "foothold-study spaces --output-dir");
  page.Text(fmt::format(
      "Searchers on GPU kernels that others measured exhaustively with Kernel Tuner, replayed. "
      "[How the score is computed](../../../concepts/performance-score.md), and how it treats what "
      "fails. For orientation only, since the sets of spaces differ: the best published score of "
      "a genetic algorithm of Kernel Tuner on its own twelve spaces is {}, of its other "
      "strategies {}.",
      kBestGeneticScore, kBestOtherScore));
  page.Text(Legend(result));
  page.Heading("Mean over the spaces");
  page.Add(MeansTable(result));
  for (const ScoredSpace& space : result.spaces) {
    page.Heading(space.name);
    page.Add(SpaceTable(space));
  }
  page.Heading("The spaces");
  page.Add(SpacesTable(result));
  for (const std::string& sentence : result.left_out) page.Text(sentence + ".");
  page.SetData(DataOf(result));
  return page;
}

}  // namespace foothold::studies
