#include "studies/time_to_best/warm_start.h"

#include <gtest/gtest.h>

#include "studies/time_to_best/testing/toy_truth.h"

namespace foothold::studies {
namespace {

std::vector<Benchmark> ToyBenchmarks() {
  std::vector<Benchmark> benchmarks(2);
  benchmarks[0].target = "toy";
  benchmarks[1].target = "other";
  for (Benchmark& benchmark : benchmarks) {
    for (const char* name : {"net.one", "net.two", "net.three"}) {
      auto task = std::make_unique<ToyTask>(ToyWorkload(name));
      auto truth = std::make_shared<const records::GroundTruth>(ToyTruth(*task));
      benchmark.tasks.push_back({std::move(task), std::move(truth), 0.001});
    }
  }
  return benchmarks;
}

TEST(History, HoldsTheRunsOnTheOtherWorkloads) {
  const std::vector<Benchmark> benchmarks = ToyBenchmarks();
  const auto history = History::Record(benchmarks, 1, Knowledge::kCompiler, {});
  ASSERT_TRUE(history.ok());
  const auto others =
      history->For(EarlierTasks::kOtherWorkloads, benchmarks[0].tasks[1], benchmarks[0].target);
  ASSERT_EQ(others.size(), 2u);
  EXPECT_EQ(others[0].workload.name, "net.one");
  EXPECT_EQ(others[1].workload.name, "net.three");
  EXPECT_EQ(others[0].target, "toy");
  EXPECT_EQ(others[0].parameters, benchmarks[0].tasks[0].task->space().parameters());
  EXPECT_FALSE(others[0].builds.empty());
  // Every trial is what is true of its config.
  ASSERT_FALSE(others[0].trials.empty());
  const records::GroundTruth& truth = *benchmarks[0].tasks[0].truth;
  for (const Measurement& trial : others[0].trials) {
    EXPECT_EQ(trial.outcome(), truth.outcome(truth.space().IndexOf(trial.config)));
  }
}

TEST(History, HoldsTheRunsOnTheOtherTargets) {
  const std::vector<Benchmark> benchmarks = ToyBenchmarks();
  const auto history = History::Record(benchmarks, 1, Knowledge::kBlind, {});
  ASSERT_TRUE(history.ok());
  const BenchmarkTask& own = benchmarks[0].tasks[1];
  const auto others = history->For(EarlierTasks::kOtherTargets, own, benchmarks[0].target);
  ASSERT_EQ(others.size(), 3u);
  for (const EarlierRun& run : others) EXPECT_EQ(run.target, "other");
  EXPECT_EQ(others[1].workload.name, "net.two");
  EXPECT_TRUE(history->For(EarlierTasks::kNone, own, benchmarks[0].target).empty());
}

TEST(History, IsTheSameForTheSameSeed) {
  const std::vector<Benchmark> benchmarks = ToyBenchmarks();
  const auto configs = [&](std::uint64_t seed) {
    std::vector<Config> all;
    const auto history = History::Record(benchmarks, seed, Knowledge::kBlind, {});
    for (const EarlierRun& run : history->For(EarlierTasks::kOtherWorkloads, benchmarks[0].tasks[0],
                                              benchmarks[0].target)) {
      for (const Measurement& trial : run.trials) all.push_back(trial.config);
    }
    return all;
  };
  EXPECT_EQ(configs(1), configs(1));
  EXPECT_NE(configs(1), configs(2));
}

}  // namespace
}  // namespace foothold::studies
