// The page docs/results/generated/cpu/cpu.md.
#include <fmt/core.h>

#include "base/json.h"
#include "base/statistics.h"
#include "base/table.h"
#include "studies/peers/cpu_benchmark.h"

namespace foothold::studies {
namespace {

std::string Number(std::optional<double> value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

/// 10^9 operations per second at the fastest of the rounds.
std::optional<double> Gflops(const CpuBenchmarkRow& row, const std::string& name) {
  const auto found = row.times.find(name);
  if (found == row.times.end() || !found->second.Fastest()) return std::nullopt;
  return static_cast<double>(OperationCount(row.workload)) / *found->second.Fastest() / 1e9;
}

/// Interquartile range of the rounds, in per cent of their median.
std::optional<double> Spread(const CpuTimes& times) {
  const auto range = base::InterquartileRange(times.seconds);
  return range ? std::optional(100 * *range / *times.Median()) : std::nullopt;
}

base::Table TimesTable(const CpuBenchmark& benchmark) {
  base::Table table = base::Table::OfNumbers({"workload", "GFLOP/s", "spread %", "oneDNN",
                                              "oneDNN plain", "OpenBLAS", "ratio",
                                              "ratio of medians", "ratio, plain", "correct/tried"});
  for (const CpuBenchmarkRow& row : benchmark.rows) {
    const std::string any = row.BestPeer(true);
    table.AddRow({row.workload.name, Number(Gflops(row, kFoothold), 1),
                  Number(Spread(row.times.at(kFoothold)), 1), Number(Gflops(row, "onednn"), 1),
                  Number(Gflops(row, "onednn-plain"), 1), Number(Gflops(row, "openblas"), 1),
                  Number(row.Ratio(any), 2), Number(row.MedianRatio(any), 2),
                  Number(row.Ratio(row.BestPeer(false)), 2),
                  fmt::format("{}/{}", row.correct, row.trials)});
  }
  return table;
}

base::Table SchedulesTable(const CpuBenchmark& benchmark) {
  base::Table table({{"workload"}, {"foothold's"}, {"oneDNN's kernel"}, {"plain"}});
  for (const CpuBenchmarkRow& row : benchmark.rows) {
    const auto detail = [&](const char* name) {
      const auto found = row.times.find(name);
      return found == row.times.end() ? std::string() : found->second.detail;
    };
    table.AddRow({row.workload.name, "`" + detail(kFoothold) + "`", detail("onednn"),
                  detail("onednn-plain")});
  }
  return table;
}

struct Geomeans {
  std::optional<double> any;      ///< against the better of all peers
  std::optional<double> medians;  ///< the same, of medians
  std::optional<double> plain;    ///< against the better of those that keep the layouts
};

Geomeans GeomeansOf(const CpuBenchmark& benchmark) {
  std::vector<double> any, medians, plain;
  const auto add = [](std::optional<double> value, std::vector<double>& values) {
    if (value) values.push_back(*value);
  };
  for (const CpuBenchmarkRow& row : benchmark.rows) {
    add(row.Ratio(row.BestPeer(true)), any);
    add(row.MedianRatio(row.BestPeer(true)), medians);
    add(row.Ratio(row.BestPeer(false)), plain);
  }
  return {GeometricMean(any), GeometricMean(medians), GeometricMean(plain)};
}

std::string Summary(const CpuBenchmark& benchmark) {
  const Geomeans geomeans = GeomeansOf(benchmark);
  return fmt::format(
      "geometric mean of the ratio to the better peer: {}; of medians: {}; to the better of those "
      "that keep the workload's layouts: {}\n",
      Number(geomeans.any, 3), Number(geomeans.medians, 3), Number(geomeans.plain, 3));
}

/// One line for each reason why a peer was skipped.
std::string Skipped(const CpuBenchmark& benchmark) {
  std::map<std::string, std::string> workloads;
  for (const CpuBenchmarkRow& row : benchmark.rows) {
    for (const auto& [name, times] : row.times) {
      if (times.skipped.empty()) continue;
      std::string& list = workloads[fmt::format("{} skipped: {}", name, times.skipped)];
      list += (list.empty() ? "" : ", ") + row.workload.name;
    }
  }
  std::string text;
  for (const auto& [reason, list] : workloads) text += fmt::format("{} ({})\n", reason, list);
  return text;
}

base::Json DataOf(const CpuBenchmark& benchmark) {
  base::Json rows = base::Json::Array();
  for (const CpuBenchmarkRow& row : benchmark.rows) {
    base::Json times = base::Json::Object();
    for (const auto& [name, one] : row.times) {
      times[name] = {{"seconds", one.seconds}, {"detail", one.detail}, {"skipped", one.skipped}};
    }
    base::Json json = {{"workload", row.workload.name},
                       {"operations", OperationCount(row.workload)},
                       {"trials", row.trials},
                       {"correct", row.correct},
                       {"tuning_seconds", row.tuning_seconds},
                       {"times", times}};
    if (const auto ratio = row.Ratio(row.BestPeer(true))) json["ratio"] = *ratio;
    rows.push_back(std::move(json));
  }
  return {{"machine", benchmark.machine},           {"openblas_core", benchmark.openblas_core},
          {"searcher", benchmark.options.searcher}, {"seed", benchmark.options.seed},
          {"rounds", benchmark.options.rounds},     {"rows", rows}};
}

}  // namespace

Page ToPage(const CpuBenchmark& benchmark) {
  Page page("cpu", "The cpu target against oneDNN and OpenBLAS", "foothold-study cpu --output-dir");
  auto machine = benchmark.machine;
  machine["openblas_core"] =
      benchmark.openblas_core.empty() ? "its own choice" : benchmark.openblas_core;
  page.SetMachine(machine);
  page.Text(fmt::format(
      "The best program that {} trials of `{}` (seed {}) find for each workload, float32 on one "
      "thread, and the peers on the same machine in the same minutes: in each of {} rounds every "
      "entrant runs once, in turn. What these figures say is in [the cpu "
      "target](../../../targets/cpu.md#how-good-it-is).",
      benchmark.options.trials, benchmark.options.searcher, benchmark.options.seed,
      benchmark.options.rounds));
  page.Text(
      "Times are processor time of the one thread, which others on the machine change least. "
      "GFLOP/s and *ratio* are of the fastest round; *spread* is the interquartile range of "
      "foothold's rounds. *ratio*: the time of the better peer through foothold's, above 1 where "
      "foothold is faster. *plain*: of the peers that keep the workload's layouts.");
  page.Add(TimesTable(benchmark));
  page.Text("The " + Summary(benchmark));
  page.Text(Skipped(benchmark));
  page.Heading("Peers");
  std::string peers;
  for (const auto& [peer, what] : CpuPeers()) peers += fmt::format("- `{}`: {}\n", peer, what);
  page.Text(peers);
  page.Heading("Schedules");
  page.Add(SchedulesTable(benchmark));
  page.SetData(DataOf(benchmark));
  return page;
}

}  // namespace foothold::studies
