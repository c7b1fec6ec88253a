// What the comparison of `autotvm` with AutoTVM's recorded runs can notice: it is made for
// AutoTVM's settings and for others, and for copies of our own runs that are made slower or faster.
// docs/results/micro.md; tests/faithfulness/faithfulness_test.cc is
// the comparison itself. Reads $FOOTHOLD_DATA, by default ../shared/data.

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/table.h"
#include "foothold/rng.h"
#include "search/autotvm/autotvm_searcher.h"
#include "studies/micro/bench.h"
#include "tests/faithfulness/outcome_table.h"
#include "tests/faithfulness/rank_tests.h"
#include "tests/faithfulness/recorded_runs.h"

namespace foothold {
namespace {

Runs Run(const OutcomeTable& table, const search::AutotvmOptions& options, int seeds) {
  Runs runs;
  for (int seed = 0; seed < seeds; ++seed) {
    search::AutotvmSearcher searcher(table.space, static_cast<std::uint64_t>(seed), options);
    const TableRun run = RunOnTable(table, searcher, kRecordedTrials, kBatchSize);
    runs.first_optimum.push_back(run.first_optimum == 0 ? kNotFound : run.first_optimum);
    runs.invalid += static_cast<double>(run.invalid) / seeds;
  }
  return runs;
}

void AddVariant(const std::string& name, const Runs& runs, base::Table& table) {
  const std::vector<double>& recorded = kRecordedAutotvm.first_optimum;
  double sum = 0;
  for (const double trial : runs.first_optimum) sum += trial;
  table.AddRow({name, fmt::format("{:.1f}", sum / static_cast<double>(runs.first_optimum.size())),
                fmt::format("{:.4f}", MannWhitneyP(runs.first_optimum, recorded)),
                fmt::format("{:.4f}", LogRankP(runs.first_optimum, recorded, kNotFound)),
                fmt::format("{:.1f}", runs.invalid)});
}

base::Table VariantsTable(const OutcomeTable& table, const Runs& ours) {
  constexpr int kSeeds = 100;
  base::Table rows = base::Table::OfNumbers(
      {"variant", "trial of the optimum", "Mann-Whitney p", "log-rank p", "invalid trials"});
  const auto add = [&](const std::string& name, const search::AutotvmOptions& options) {
    AddVariant(name, Run(table, options, kSeeds), rows);
  };
  AddVariant("as AutoTVM", ours, rows);
  search::AutotvmOptions options;
  options.plan_size = 16;
  add("plans of 16", options);
  options.plan_size = 128;
  add("plans of 128", options);
  options = {};
  options.loss = search::CostModelLoss::kRegression;
  add("regression", options);
  options = {};
  options.annealing.persistent = false;
  add("annealing starts again", options);
  options = {};
  options.diversity_filter_ratio = 2;
  add("diversity filter of 2", options);
  return rows;
}

/// How often 40 runs that take `factor` times as many trials and ten that do not, all drawn from
/// `runs`, are told apart by either test.
double Noticed(const Runs& runs, double factor, Rng& rng) {
  constexpr int kDraws = 2000;
  const auto draw = [&](int count, double scale) {
    std::vector<double> trials;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t drawn = rng.Below(runs.first_optimum.size());
      trials.push_back(std::min(kNotFound, scale * runs.first_optimum[drawn]));
    }
    return trials;
  };
  int noticed = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::vector<double> ours = draw(40, factor);
    const std::vector<double> theirs = draw(10, 1);
    noticed +=
        MannWhitneyP(ours, theirs) < 0.05 || LogRankP(ours, theirs, kNotFound) < 0.05 ? 1 : 0;
  }
  return static_cast<double>(noticed) / kDraws;
}

int Main(const studies::BenchCall& call) {
  const char* data = std::getenv("FOOTHOLD_DATA");
  const std::string path = std::string(data != nullptr ? data : "../shared/data") +
                           "/boards/tvm_outcomes_resnet18_C8.jsonl";
  const std::optional<OutcomeTable> table = OutcomeTable::Read(path);
  if (!table) {
    fmt::print("skipped: needs {} (set FOOTHOLD_DATA)\n", path);
    return 0;
  }
  const Runs ours = Run(*table, {}, 300);
  base::Table noticed = base::Table::OfNumbers({"times as many trials", "noticed"});
  Rng rng(1);
  for (const double factor : {0.5, 0.67, 1.0, 1.25, 1.5, 2.0}) {
    noticed.AddRow(
        {fmt::format("{}", factor), fmt::format("{:.0f} %", 100 * Noticed(ours, factor, rng))});
  }
  studies::Page page("faithfulness_bench", "How faithful the searcher autotvm is",
                     "./dev bench --output-dir");
  page.Text(
      "The comparison of [`autotvm` with AutoTVM's recorded "
      "runs](../../../concepts/searchers-autotvm.md#how-faithful-they-are), for AutoTVM's "
      "settings and for others.");
  page.Add(VariantsTable(*table, ours));
  page.Text(
      "How often 40 runs that need this many times as many trials are told apart from ten that do "
      "not, all drawn from our runs.");
  page.Add(noticed);
  return studies::ShowBench(std::move(page), call);
}

}  // namespace
}  // namespace foothold

int main(int argc, char** argv) {
  return foothold::Main(foothold::studies::ParseBenchCall(argc, argv));
}
