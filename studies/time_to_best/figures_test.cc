// The figures of a small experiment, as the studies' own loop gave them before the product's loop
// ran the studies (testing/figures.txt). A change of the loop must not change what is published.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "foothold/env.h"
#include "studies/time_to_best/testing/toy_truth.h"
#include "studies/time_to_best/time_to_best.h"

namespace foothold::studies {
namespace {

constexpr std::uint64_t kBudget = 29;  // ends inside a batch

Benchmark SmallBenchmark(const std::string& target, const std::vector<ToySize>& sizes) {
  Benchmark benchmark;
  benchmark.target = target;
  for (const ToySize& size : sizes) {
    auto task = std::make_unique<ToyTask>(ToyWorkload(fmt::format("net.{}", size.a)), size);
    auto truth = std::make_shared<const records::GroundTruth>(ToyTruth(*task));
    benchmark.tasks.push_back({std::move(task), std::move(truth), 0.001});
  }
  return benchmark;
}

/// All that is published of a run, but for seconds, which are a machine's.
std::string Figures(const RunSummary& run) {
  std::string text =
      fmt::format("best {} {} {} correct {} of {} invalid {} {} builds {} concluded {}",
                  run.measured[0], run.measured[1], run.measured[2], run.first_correct, run.trials,
                  run.invalid, run.invalid_to_optimum, run.builds, run.concluded);
  if (run.calibration.trials() > 0) text += fmt::format(" brier {:.9f}", run.calibration.Brier());
  text += " speed";
  for (const float speed : run.speed_by_measurement) text += fmt::format(" {:.4g}", speed);
  return text;
}

std::string Figures(const TimeToBest& result) {
  std::string text;
  for (const Competition& competition : result.competitions) {
    for (const Field& field : competition.fields) {
      for (const Entry& entry : field.entries) {
        for (const RunSummary& run : entry.runs) {
          text += fmt::format("{} {} | {} {} | {}\n", competition.target, field.workload,
                              entry.entrant, ToString(entry.knowledge), Figures(run));
        }
      }
    }
  }
  return text;
}

TEST(Figures, AreThoseOfTheStudysOwnLoop) {
  std::vector<Benchmark> benchmarks;
  benchmarks.push_back(SmallBenchmark("toy", {{10, 8, 30}, {8, 6, 24}}));
  benchmarks.push_back(SmallBenchmark("other", {{6, 6, 20}}));
  TimeToBestOptions options;
  options.seeds = 1;
  options.budget = kBudget;
  const auto result = RunTimeToBest(
      benchmarks, Entrants(), options, [](std::uint64_t, std::uint64_t) {}, false);
  ASSERT_TRUE(result.ok()) << result.status().message();
  const auto recorded =
      Env::Default()->ReadFile(FOOTHOLD_SOURCE_DIR "/studies/time_to_best/testing/figures.txt");
  ASSERT_TRUE(recorded.ok()) << recorded.status().message();
  EXPECT_EQ(Figures(**result), *recorded);
}

}  // namespace
}  // namespace foothold::studies
