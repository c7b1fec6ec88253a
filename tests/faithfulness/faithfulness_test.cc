// Do our versions of AutoTVM's tuners do what AutoTVM does? On recorded tables of outcomes, they
// must spend as many trials to the optimum, in distribution, and as many on invalid configs.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "base/testing/test_data.h"
#include "search/autotvm/autotvm_searcher.h"
#include "search/genetic/genetic_searcher.h"
#include "search/random/random_searcher.h"
#include "tests/faithfulness/outcome_table.h"
#include "tests/faithfulness/rank_tests.h"
#include "tests/faithfulness/recorded_runs.h"

namespace foothold {
namespace {

using MakeRun = std::function<TableRun(const OutcomeTable&, std::uint64_t seed)>;

TableRun RunAutotvm(const OutcomeTable& table, std::uint64_t seed) {
  search::AutotvmSearcher searcher(table.space, seed);
  return RunOnTable(table, searcher, kRecordedTrials, kBatchSize);
}

TableRun RunGenetic(const OutcomeTable& table, std::uint64_t seed) {
  const auto searcher = search::MakeGeneticSearcher(table.space, seed, {kPopulation, 3, 0.1});
  return RunOnTable(table, *searcher, kRecordedTrials, kBatchSize, kPopulation);
}

TableRun RunRandom(const OutcomeTable& table, std::uint64_t seed) {
  const auto searcher = search::MakeRandomSearcher(table.space, seed);
  return RunOnTable(table, *searcher, kRecordedTrials, kBatchSize);
}

Runs OurRuns(const OutcomeTable& table, int seeds, const MakeRun& make_run) {
  Runs runs;
  for (int seed = 0; seed < seeds; ++seed) {
    const TableRun run = make_run(table, static_cast<std::uint64_t>(seed));
    runs.first_optimum.push_back(run.first_optimum == 0 ? kNotFound : run.first_optimum);
    runs.invalid += static_cast<double>(run.invalid) / seeds;
  }
  return runs;
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// P-values of the hypothesis that two samples of runs have one distribution.
struct Comparison {
  double mann_whitney = 0;
  double log_rank = 0;
};

Comparison Compare(const std::string& title, const Runs& ours, const Runs& theirs) {
  const Comparison p{MannWhitneyP(ours.first_optimum, theirs.first_optimum),
                     LogRankP(ours.first_optimum, theirs.first_optimum, kNotFound)};
  std::printf(
      "%s: trial of the optimum %.1f (%zu runs) and %.1f (%zu runs); p = %.3f (Mann-Whitney), "
      "%.3f (log-rank); invalid trials %.1f and %.1f\n",
      title.c_str(), Mean(ours.first_optimum), ours.first_optimum.size(),
      Mean(theirs.first_optimum), theirs.first_optimum.size(), p.mann_whitney, p.log_rank,
      ours.invalid, theirs.invalid);
  return p;
}

void ExpectSameDistribution(const std::string& title, const Runs& ours, const Runs& theirs) {
  const Comparison p = Compare(title, ours, theirs);
  EXPECT_GT(p.mann_whitney, 0.05) << title;
  EXPECT_GT(p.log_rank, 0.05) << title;
  EXPECT_NEAR(ours.invalid, theirs.invalid, 0.05 * theirs.invalid) << title;
}

class FaithfulnessTest : public ::testing::Test {
 protected:
  static std::string PathOf(const std::string& table) {
    return testing::DataDirectory() + "/boards/tvm_outcomes_" + table + ".jsonl";
  }
};

TEST_F(FaithfulnessTest, OurSearchersRunLikeTheRealOnes) {
  const auto table = OutcomeTable::Read(PathOf("resnet18_C8"));
  if (!table) GTEST_SKIP() << "needs " << PathOf("resnet18_C8") << " (set FOOTHOLD_DATA)";
  ExpectSameDistribution("autotvm", OurRuns(*table, 40, &RunAutotvm), kRecordedAutotvm);
  ExpectSameDistribution("genetic", OurRuns(*table, 400, &RunGenetic), kRecordedGenetic);
  ExpectSameDistribution("random", OurRuns(*table, 400, &RunRandom), kRecordedRandom);
}

// The comparison can tell searchers apart: random is taken for neither of the others.
TEST_F(FaithfulnessTest, AnotherSearcherWouldBeNoticed) {
  const auto table = OutcomeTable::Read(PathOf("resnet18_C8"));
  if (!table) GTEST_SKIP() << "needs " << PathOf("resnet18_C8") << " (set FOOTHOLD_DATA)";
  const Runs random = OurRuns(*table, 400, &RunRandom);
  for (const Runs& theirs : {kRecordedAutotvm, kRecordedGenetic}) {
    const Comparison p = Compare("random against another", random, theirs);
    EXPECT_LT(p.mann_whitney, 0.001);
    EXPECT_LT(p.log_rank, 0.001);
    EXPECT_GT(random.invalid, 1.05 * theirs.invalid);
  }
}

}  // namespace
}  // namespace foothold
