// The page docs/results/generated/synthetic/synthetic.md.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "studies/synthetic_spaces/synthetic_study.h"

namespace foothold::studies {
namespace {

/// The median and the worst of the runs; a run that found nothing is the worst there is.
struct Spread {
  double median = 0;
  double worst = 0;
};

template <typename Value>
Spread SpreadOf(const SyntheticEntry& entry, const Value& value) {
  std::vector<double> values;
  for (const SyntheticRun& run : entry.runs) {
    const auto own = static_cast<double>(value(run));
    values.push_back(own > 0 ? own : std::numeric_limits<double>::max());
  }
  return {*base::Median(values), *std::max_element(values.begin(), values.end())};
}

std::string Ratio(double ratio) {
  constexpr double kNothing = 1e6;
  return ratio > kNothing ? "nothing" : fmt::format("{:.2f}", ratio);
}

std::string Trial(double trial, std::uint64_t trials) {
  return trial > static_cast<double>(trials) ? "never" : fmt::format("{:.0f}", trial);
}

double MeanInvalid(const SyntheticEntry& entry, std::uint64_t trials) {
  double sum = 0;
  for (const SyntheticRun& run : entry.runs) sum += static_cast<double>(run.invalid);
  return sum / static_cast<double>(entry.runs.size() * trials);
}

base::Table SetTable(const SyntheticResult& result, SpaceSet set) {
  const SyntheticOptions& options = result.options;
  base::Table table = base::Table::OfNumbers(
      {"space", "searcher", "first valid", fmt::format("after {}", options.trials / 3), "worst",
       fmt::format("after {}", options.trials), "worst", "invalid"});
  for (const SyntheticField& field : result.fields) {
    if (field.set != set) continue;
    for (const SyntheticEntry& entry : field.entries) {
      const auto first = SpreadOf(entry, [](const auto& run) { return run.first_valid; });
      const auto early = SpreadOf(entry, [](const auto& run) { return run.early; });
      const auto late = SpreadOf(entry, [](const auto& run) { return run.late; });
      table.AddRow({field.space, entry.searcher, Trial(first.median, options.trials),
                    Ratio(early.median), Ratio(early.worst), Ratio(late.median), Ratio(late.worst),
                    fmt::format("{:.0f} %", 100 * MeanInvalid(entry, options.trials))});
    }
  }
  return table;
}

/// Geometric means over a set's spaces of the medians of best / optimum.
base::Table MeansTable(const SyntheticResult& result) {
  const SyntheticOptions& options = result.options;
  base::Table table =
      base::Table::OfNumbers({"searcher", "set", fmt::format("after {}", options.trials / 3),
                              fmt::format("after {}", options.trials), "search, ms a trial"});
  for (std::size_t s = 0; s < result.searchers.size(); ++s) {
    for (const SpaceSet set : {SpaceSet::kTuning, SpaceSet::kReport}) {
      double early = 0, late = 0, search_s = 0;
      std::size_t fields = 0, runs = 0;
      for (const SyntheticField& field : result.fields) {
        if (field.set != set) continue;
        ++fields;
        const SyntheticEntry& entry = field.entries[s];
        // What found nothing counts as ten times the optimum.
        const auto log = [](const Spread& spread) {
          return std::log(std::min(spread.median, 10.));
        };
        early += log(SpreadOf(entry, [](const auto& run) { return run.early; }));
        late += log(SpreadOf(entry, [](const auto& run) { return run.late; }));
        for (const SyntheticRun& run : entry.runs) search_s += run.search_s;
        runs += entry.runs.size();
      }
      if (fields == 0) continue;
      const auto mean = [&](double sum) { return std::exp(sum / static_cast<double>(fields)); };
      table.AddRow(
          {result.searchers[s], std::string(ToString(set)), fmt::format("{:.3f}", mean(early)),
           fmt::format("{:.3f}", mean(late)),
           fmt::format("{:.2f}", 1e3 * search_s / static_cast<double>(runs * options.trials))});
    }
  }
  return table;
}

base::Table SpacesTable(const SyntheticResult& result) {
  base::Table table = base::Table::OfNumbers({"space", "set", "configs", "valid"});
  for (const SyntheticField& field : result.fields) {
    table.AddRow({field.space, std::string(ToString(field.set)),
                  fmt::format("{:.3g}", static_cast<double>(field.configs)),
                  fmt::format("{:.2g} %", 100 * field.valid_share)});
  }
  return table;
}

/// What each run of an entry did, figure by figure: a list by seed of each.
base::Json EntryJson(const SyntheticEntry& entry) {
  base::Json json = {{"searcher", entry.searcher}};
  const auto add = [&](std::string_view name, const auto& value) {
    base::Json list = base::Json::Array();
    for (const SyntheticRun& run : entry.runs) list.push_back(value(run));
    json[name] = std::move(list);
  };
  add("first_valid", [](const SyntheticRun& run) { return run.first_valid; });
  add("invalid", [](const SyntheticRun& run) { return run.invalid; });
  add("early_ratio", [](const SyntheticRun& run) { return run.early; });
  add("late_ratio", [](const SyntheticRun& run) { return run.late; });
  add("search_seconds", [](const SyntheticRun& run) { return run.search_s; });
  return json;
}

base::Json DataOf(const SyntheticResult& result) {
  base::Json json = {{"seeds", result.options.seeds},
                     {"first_seed", result.options.first_seed},
                     {"trials", result.options.trials},
                     {"batch_size", result.options.batch_size}};
  for (const SyntheticField& field : result.fields) {
    base::Json space = {{"name", field.space},
                        {"set", ToString(field.set)},
                        {"configs", field.configs},
                        {"valid_share", field.valid_share}};
    for (const SyntheticEntry& entry : field.entries) space["entries"].push_back(EntryJson(entry));
    json["spaces"].push_back(std::move(space));
  }
  return json;
}

}  // namespace

Page ToPage(const SyntheticResult& result) {
  Page page("synthetic", "Synthetic spaces", "foothold-study synthetic --output-dir");
  page.Text(
      "Searchers on spaces whose validity and times are formulas: [what they are, and what the two "
      "sets are](../../synthetic.md).");
  page.Text(fmt::format(
      "{} seeds, {} trials a run, batches of {}, mode blind. *After n*: the best config's seconds "
      "by the optimum's, the median over seeds, and the worst of them. *First valid*: the trial, "
      "the median. *Invalid*: share of all trials.",
      result.options.seeds, result.options.trials, result.options.batch_size));
  page.Heading("Mean over the spaces");
  page.Text("Geometric means of the medians.");
  page.Add(MeansTable(result));
  for (const SpaceSet set : {SpaceSet::kReport, SpaceSet::kTuning}) {
    const base::Table table = SetTable(result, set);
    if (table.empty()) continue;
    page.Heading(fmt::format("The {} set", ToString(set)));
    page.Add(table);
  }
  page.Heading("The spaces");
  page.Add(SpacesTable(result));
  page.SetData(DataOf(result));
  return page;
}

}  // namespace foothold::studies
