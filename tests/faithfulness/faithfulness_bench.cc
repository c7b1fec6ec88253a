// What the comparison of `autotvm` with AutoTVM's recorded runs can notice: it is made for
// AutoTVM's settings and for others, and for copies of our own runs that are made slower or faster.
// The figures in docs/concepts/searchers-autotvm.md; tests/faithfulness/faithfulness_test.cc is the
// comparison itself. Reads $FOOTHOLD_DATA, by default ../shared/data.

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "foothold/rng.h"
#include "search/autotvm/autotvm_searcher.h"
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

void PrintVariant(const std::string& name, const Runs& runs) {
  const std::vector<double>& recorded = kRecordedAutotvm.first_optimum;
  double sum = 0;
  for (const double trial : runs.first_optimum) sum += trial;
  fmt::print("| {} | {:.1f} | {:.4f} | {:.4f} | {:.1f} |\n", name,
             sum / static_cast<double>(runs.first_optimum.size()),
             MannWhitneyP(runs.first_optimum, recorded),
             LogRankP(runs.first_optimum, recorded, kNotFound), runs.invalid);
}

void PrintVariants(const OutcomeTable& table, const Runs& ours) {
  constexpr int kSeeds = 100;
  fmt::print("| variant | trial of the optimum | Mann-Whitney p | log-rank p | invalid trials |\n");
  fmt::print("|---|---|---|---|---|\n");
  PrintVariant("as AutoTVM", ours);
  search::AutotvmOptions options;
  options.plan_size = 16;
  PrintVariant("plans of 16", Run(table, options, kSeeds));
  options.plan_size = 128;
  PrintVariant("plans of 128", Run(table, options, kSeeds));
  options = {};
  options.loss = search::CostModelLoss::kRegression;
  PrintVariant("regression", Run(table, options, kSeeds));
  options = {};
  options.annealing.persistent = false;
  PrintVariant("annealing starts afresh", Run(table, options, kSeeds));
  options = {};
  options.diversity_filter_ratio = 2;
  PrintVariant("diversity filter of 2", Run(table, options, kSeeds));
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

int Main() {
  const char* data = std::getenv("FOOTHOLD_DATA");
  const std::string path = std::string(data != nullptr ? data : "../shared/data") +
                           "/boards/tvm_outcomes_resnet18_C8.jsonl";
  const std::optional<OutcomeTable> table = OutcomeTable::Read(path);
  if (!table) {
    fmt::print("skipped: needs {} (set FOOTHOLD_DATA)\n", path);
    return 0;
  }
  const Runs ours = Run(*table, {}, 300);
  PrintVariants(*table, ours);
  fmt::print("\n| times as many trials | noticed |\n|---|---|\n");
  Rng rng(1);
  for (const double factor : {0.5, 0.67, 1.0, 1.25, 1.5, 2.0})
    fmt::print("| {} | {:.0f} % |\n", factor, 100 * Noticed(ours, factor, rng));
  return 0;
}

}  // namespace
}  // namespace foothold

int main() { return foothold::Main(); }
