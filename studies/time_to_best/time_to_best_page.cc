// The page docs/results/generated/time-to-best/time-to-best.md.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/table.h"
#include "base/text.h"
#include "studies/page/page.h"
#include "studies/time_to_best/standings.h"
#include "studies/time_to_best/time_to_best.h"
#include "studies/time_to_best/time_to_best_charts.h"
#include "studies/time_to_best/time_to_best_data.h"

namespace foothold::studies {
namespace {

// What the papers report (arXiv 2205.15568; arXiv 2411.10764).
constexpr const char* kPaperValidity = "mean 8.3 %, from 0.8 % to 23.1 %";
constexpr double kPaperRatio = 0.416;
constexpr double kMl2TunerRatio = 0.123;

std::string Percent(double share, int digits = 0) {
  return fmt::format("{:.{}f} %", 100 * share, digits);
}
std::string Ratio(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:.3f}", *ratio) : "-";
}
std::string Count(std::uint64_t count) {
  return base::WithThousands(static_cast<std::int64_t>(count));
}

double ValidShare(const Field& field) {
  return static_cast<double>(field.valid) / static_cast<double>(field.configs);
}

base::Table SpacesTable(const Competition& competition) {
  base::Table table =
      base::Table::OfNumbers({"workload", "configs", "valid", "optimum, ms",
                              "configs at the optimum", "within 1 %", "within 5 %"});
  double sum = 0;
  for (const Field& field : competition.fields) {
    sum += ValidShare(field);
    table.AddRow({field.workload, Count(field.configs), Percent(ValidShare(field), 1),
                  fmt::format("{:.3f}", 1e3 * field.best_seconds), Count(field.good[0]),
                  Count(field.good[1]), Count(field.good[2])});
  }
  const auto mean = sum / static_cast<double>(competition.fields.size());
  table.AddRow({"mean", "", Percent(mean, 1), "", "", "", ""});
  return table;
}

base::Table StandingsTable(const std::vector<Standing>& standings) {
  base::Table table =
      base::Table::OfNumbers({"searcher", "mode", "ratio", "ratio in mode", "to the optimum", "IQR",
                              "reached", "to 1 %", "to 5 %", "first valid"});
  for (const Standing& s : standings) {
    table.AddRow({s.entrant, std::string(ToString(s.knowledge)), Ratio(s.ratio),
                  Ratio(s.ratio_in_mode), fmt::format("{:.0f}", s.median[0]),
                  fmt::format("{:.0f}", s.interquartile[0]), Percent(s.reached[0]),
                  fmt::format("{:.0f}", s.median[1]), fmt::format("{:.0f}", s.median[2]),
                  fmt::format("{:.0f}", s.first_correct)});
  }
  return table;
}

base::Table TiersTable(const std::vector<Standing>& standings) {
  base::Table table =
      base::Table::OfNumbers({"searcher", "mode", "builds only", "invalid measurements",
                              "of them to the optimum", "minutes to the optimum",
                              "with builds at 0.6 s", "to 1 %", "to 5 %", "search, ms a proposal"});
  for (const Standing& s : standings) {
    table.AddRow(
        {s.entrant, std::string(ToString(s.knowledge)), fmt::format("{:.0f}", s.builds),
         fmt::format("{:.0f}", s.invalid), fmt::format("{:.0f}", s.invalid_to_optimum),
         fmt::format("{:.1f}", s.minutes), fmt::format("{:.1f}", s.minutes_expensive_builds[0]),
         fmt::format("{:.1f}", s.minutes_expensive_builds[1]),
         fmt::format("{:.1f}", s.minutes_expensive_builds[2]), fmt::format("{:.2f}", s.search_ms)});
  }
  return table;
}

/// What P(valid) was predicted, and how often it was so; empty when nobody predicted any.
base::Table CalibrationTable(const Competition& competition) {
  std::vector<std::string> titles = {"searcher", "mode", "trials", "Brier score", "of the share"};
  for (std::size_t bin = 0; bin < ValidityCalibration::kBins; ++bin) {
    const std::size_t width = 100 / ValidityCalibration::kBins;
    titles.push_back(fmt::format("{} to {} %", bin * width, (bin + 1) * width));
  }
  base::Table table = base::Table::OfNumbers(titles);
  for (std::size_t e = 0; e < competition.fields.front().entries.size(); ++e) {
    ValidityCalibration sum;
    for (const Field& field : competition.fields) {
      for (const RunSummary& run : field.entries[e].runs) sum.Add(run.calibration);
    }
    if (sum.trials() == 0) continue;
    const Entry& entry = competition.fields.front().entries[e];
    std::vector<std::string> row = {entry.entrant, std::string(ToString(entry.knowledge)),
                                    Count(sum.trials()), fmt::format("{:.3f}", sum.Brier()),
                                    fmt::format("{:.3f}", sum.BrierOfTheShare())};
    for (const ValidityCalibration::Bin& bin : sum.bins) {
      const auto trials = static_cast<double>(bin.trials);
      row.push_back(bin.trials == 0
                        ? "-"
                        : fmt::format("{} of {}", Percent(static_cast<double>(bin.valid) / trials),
                                      Count(bin.trials)));
    }
    table.AddRow(std::move(row));
  }
  return table;
}

/// When searchers had enough, and what they had then; empty when none ever had.
base::Table ConclusionsTable(const Competition& competition) {
  base::Table table = base::Table::OfNumbers(
      {"searcher", "mode", "concluded", "after measurements", "optimum / best then", "worst"});
  for (std::size_t e = 0; e < competition.fields.front().entries.size(); ++e) {
    std::vector<double> trials, speeds;
    std::size_t runs = 0;
    for (const Field& field : competition.fields) {
      for (const RunSummary& run : field.entries[e].runs) {
        ++runs;
        if (run.concluded == 0) continue;
        trials.push_back(static_cast<double>(run.concluded));
        speeds.push_back(run.speed_when_concluded);
      }
    }
    if (trials.empty()) continue;
    const Entry& entry = competition.fields.front().entries[e];
    const auto count = static_cast<double>(trials.size());
    table.AddRow({entry.entrant, std::string(ToString(entry.knowledge)),
                  Percent(count / static_cast<double>(runs)),
                  fmt::format("{:.0f}", std::accumulate(trials.begin(), trials.end(), 0.0) / count),
                  fmt::format("{:.4f}", std::accumulate(speeds.begin(), speeds.end(), 0.0) / count),
                  fmt::format("{:.4f}", *std::min_element(speeds.begin(), speeds.end()))});
  }
  return table;
}

base::Table WorkloadsTable(const Competition& competition, const TimeToBestOptions& options) {
  std::vector<std::string> titles = {"workload"};
  for (const Entry& entry : competition.fields.front().entries) {
    titles.push_back(fmt::format("{}, {}", entry.entrant, ToString(entry.knowledge)));
  }
  base::Table table = base::Table::OfNumbers(titles);
  for (const Field& field : competition.fields) {
    std::vector<std::string> row = {field.workload};
    for (const Entry& entry : field.entries) {
      const Score score = ScoreOf(entry, 0, options.budget);
      row.push_back(fmt::format("{:.0f} ({:.0f})", score.median, score.interquartile));
    }
    table.AddRow(std::move(row));
  }
  return table;
}

std::string Legend(const TimeToBest& result) {
  return fmt::format(
      "{} seeds, {} measurements a run, batches of {}. *To the optimum*: measurements until the "
      "fastest config of the whole space was measured, the median over seeds, mean over workloads; "
      "a run that does not get there counts as {}. *Ratio*: mean over workloads of that median "
      "divided by {}'s in mode blind; *in mode*: by {}'s in the same mode. *IQR*: the range over "
      "seeds between the quartiles, mean over workloads. *Reached*: share of the runs that got "
      "there.\n",
      result.options.seeds, result.options.budget, result.options.batch_size, result.options.budget,
      kBaseline, kBaseline);
}

std::string TiersLegend(const TimeToBest& result) {
  const StageCosts& costs = result.options.costs;
  return fmt::format(
      "Means of whole runs. A trial is charged what it cost on a real PYNQ under AutoTVM: {} s "
      "when "
      "it does not compile, {} s when it runs, {} s when it times out; builds without a run and "
      "the "
      "search itself are charged this machine's time, or, in the column beside it, {} s a build.\n",
      costs.failing_compile_s, costs.run_s, costs.timeout_s, costs.failing_compile_s);
}

/// A section with its heading; none when nothing is in the table.
void AddSection(Page& page, const std::string& heading, std::string_view text,
                const base::Table& table) {
  if (table.empty()) return;
  page.Heading(heading, 3);
  page.Text(text);
  page.Add(table);
}

void AddCompetition(const TimeToBest& result, const Competition& competition, Page& page) {
  const std::string& target = competition.target;
  page.Heading(target);
  for (const std::string& network : Networks(competition)) {
    const auto standings = Standings(competition, network, result.options);
    AddSection(page, fmt::format("{}, {}: measurements", network, target), "",
               StandingsTable(standings));
    AddSection(page, fmt::format("{}, {}: what each tier cost", network, target), "",
               TiersTable(standings));
  }
  for (const Chart& chart : ChartsOf(result, competition)) page.Add(chart);
  AddSection(page, target + ": P(valid), predicted and found",
             "Mean square error of what was predicted for each trial, beside that of one who knows "
             "the share of valid trials and nothing else; then, by what was predicted, how many "
             "were valid.",
             CalibrationTable(competition));
  AddSection(page, target + ": when enough was enough",
             "Share of the runs in which the searcher expected nothing better, after how many "
             "measurements (mean), and how near its best was then. Here it was made to continue.",
             ConclusionsTable(competition));
  AddSection(page, target + ": the spaces",
             fmt::format("The paper's spaces: {} of the configs are valid.", kPaperValidity),
             SpacesTable(competition));
  AddSection(page, target + ": measurements to the optimum by workload", "Median over seeds (IQR).",
             WorkloadsTable(competition, result.options));
}

}  // namespace

Page ToPage(const TimeToBest& result) {
  Page page("time-to-best", "Time to best", "foothold-study time-to-best --output-dir");
  page.Text(fmt::format(
      "How many measurements each searcher needs to find the fastest config: the experiment of "
      "arXiv 2205.15568, whose ratio is {}, on simulated VTA boards; ML2Tuner (arXiv 2411.10764) "
      "reports {}. What was found, and why, is in [findings.md](../../findings.md); the modes of "
      "knowledge are in [knowledge.md](../../../concepts/knowledge.md).",
      kPaperRatio, kMl2TunerRatio));
  page.Text(Legend(result));
  page.Text(TiersLegend(result));
  for (const Competition& competition : result.competitions) {
    AddCompetition(result, competition, page);
  }
  page.SetData(DataOf(result));
  return page;
}

}  // namespace foothold::studies
