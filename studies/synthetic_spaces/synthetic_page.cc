// The study's tables, as text, as JSON and as the page docs/results/generated/synthetic/.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "base/text.h"
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

std::string SetTable(const SyntheticResult& result, SpaceSet set) {
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
  return table.empty() ? "" : table.ToMarkdown();
}

/// Geometric means over a set's spaces of the medians of best / optimum.
std::string MeansTable(const SyntheticResult& result) {
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
  return table.ToMarkdown();
}

std::string SpacesTable(const SyntheticResult& result) {
  base::Table table = base::Table::OfNumbers({"space", "set", "configs", "valid"});
  for (const SyntheticField& field : result.fields) {
    table.AddRow({field.space, std::string(ToString(field.set)),
                  fmt::format("{:.3g}", static_cast<double>(field.configs)),
                  fmt::format("{:.2g} %", 100 * field.valid_share)});
  }
  return table.ToMarkdown();
}

std::string Sections(const SyntheticResult& result) {
  std::string text = fmt::format(
      "{} seeds, {} trials a run, batches of {}, mode blind. *After n*: the best config's seconds "
      "by the optimum's, the median over seeds, and the worst of them. *First valid*: the trial, "
      "the median. *Invalid*: share of all trials.\n",
      result.options.seeds, result.options.trials, result.options.batch_size);
  text += fmt::format("\n## Mean over the spaces\n\nGeometric means of the medians.\n\n{}",
                      MeansTable(result));
  for (const SpaceSet set : {SpaceSet::kReport, SpaceSet::kTuning}) {
    const std::string table = SetTable(result, set);
    if (!table.empty()) text += fmt::format("\n## The {} set\n\n{}", ToString(set), table);
  }
  return text + fmt::format("\n## The spaces\n\n{}", SpacesTable(result));
}

}  // namespace

std::string ToText(const SyntheticResult& result) { return Sections(result); }

std::string ToJson(const SyntheticResult& result) {
  base::Json json = {{"version", 1},
                     {"machine", result.machine},
                     {"seeds", result.options.seeds},
                     {"first_seed", result.options.first_seed},
                     {"trials", result.options.trials},
                     {"batch_size", result.options.batch_size}};
  for (const SyntheticField& field : result.fields) {
    base::Json space = {{"name", field.space},
                        {"set", ToString(field.set)},
                        {"configs", field.configs},
                        {"valid_share", field.valid_share}};
    for (const SyntheticEntry& entry : field.entries) {
      base::Json runs = base::Json::Array();
      for (const SyntheticRun& run : entry.runs) {
        runs.push_back({{"first_valid", run.first_valid},
                        {"invalid", run.invalid},
                        {"early_ratio", run.early},
                        {"late_ratio", run.late},
                        {"search_seconds", run.search_s}});
      }
      space["entries"].push_back({{"searcher", entry.searcher}, {"runs", std::move(runs)}});
    }
    json["spaces"].push_back(std::move(space));
  }
  return json.Dump(1) + "\n";
}

std::string ToMarkdown(const SyntheticResult& result) {
  return fmt::format(
      "# Synthetic spaces\n\n"
      "<!-- Written by foothold-study synthetic --output-dir, with synthetic.json beside it: do "
      "not "
      "edit. -->\n\n"
      "Searchers on spaces whose validity and times are formulas: [what they are, and what the two "
      "sets are](../../synthetic.md).\n\nMachine: {}.\n\n{}",
      base::Joined(result.machine, ", "), Sections(result));
}

}  // namespace foothold::studies
