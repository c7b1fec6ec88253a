#include "studies/time_to_best/time_to_best.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "studies/time_to_best/testing/toy_truth.h"
#include "studies/time_to_best/time_to_best_charts.h"

namespace foothold::studies {
namespace {

using ::testing::HasSubstr;

Benchmark ToyBenchmark(const std::vector<std::string>& workloads) {
  Benchmark benchmark;
  benchmark.target = "toy";
  for (const std::string& name : workloads) {
    auto task = std::make_unique<ToyTask>(ToyWorkload(name));
    auto truth = std::make_shared<const records::GroundTruth>(ToyTruth(*task));
    benchmark.tasks.push_back({std::move(task), std::move(truth), 0.001});
  }
  return benchmark;
}

TimeToBest MustRun(int jobs, std::uint64_t seeds = 3) {
  std::vector<Benchmark> benchmarks;
  benchmarks.push_back(ToyBenchmark({"net.one", "net.two"}));
  TimeToBestOptions options;
  options.seeds = seeds;
  options.budget = 24;
  options.jobs = jobs;
  const std::atomic<bool> never = false;
  auto result = RunTimeToBest(
      benchmarks, Entrants(), options, [](auto, auto) {}, never);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return **std::move(result);
}

TEST(Summary, OfARunByHand) {
  SearchRun run;
  run.search_s = 0.5;
  run.steps = {{Outcome::kCompile, 0, 1, 4},  {Outcome::kCorrect, 1.04, 3, 4},
               {Outcome::kRuntime, 0, 5, 4},  {Outcome::kCorrect, 1.0, 7, 6},
               {Outcome::kTimeout, 0, 70, 9}, {Outcome::kCorrect, 1.005, 75, 9}};
  const RunSummary summary = Summarise(run, 1.0, 10);
  EXPECT_THAT(summary.measured, ::testing::ElementsAre(4, 4, 2));
  EXPECT_THAT(summary.seconds, ::testing::ElementsAre(7, 7, 3));
  EXPECT_EQ(summary.first_correct, 2u);
  EXPECT_EQ(summary.trials, 6u);
  EXPECT_EQ(summary.invalid, 3u);
  EXPECT_EQ(summary.invalid_to_optimum, 2u);
  EXPECT_EQ(summary.builds, 9u);
  EXPECT_THAT(summary.builds_to, ::testing::ElementsAre(6, 6, 4)) << "those after it do not count";
  ASSERT_EQ(MeasurementCheckpoints(10), (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  const auto faster = static_cast<float>(1 / 1.04);
  EXPECT_THAT(summary.speed_by_measurement,
              ::testing::ElementsAre(0, faster, faster, 1, 1, 1, 1, 1, 1, 1));
  EXPECT_EQ(summary.speed_by_seconds.front(), 0);
  EXPECT_EQ(summary.speed_by_seconds.back(), 1);
}

TEST(Summary, OfARunThatFoundNothing) {
  SearchRun run;
  run.steps = {{Outcome::kCompile, 0, 1, 3}, {Outcome::kCompile, 0, 2, 5}};
  const RunSummary summary = Summarise(run, 1.0, 10);
  EXPECT_THAT(summary.measured, ::testing::ElementsAre(0, 0, 0));
  EXPECT_THAT(summary.seconds, ::testing::Each(2.0));
  EXPECT_THAT(summary.builds_to, ::testing::Each(5u));
  EXPECT_EQ(summary.invalid_to_optimum, 2u);
}

TEST(Checkpoints, AscendFromOneToTheEnd) {
  for (const auto& points : {MeasurementCheckpoints(750), SecondsCheckpoints()}) {
    EXPECT_EQ(points.front(), 1);
    for (std::size_t i = 1; i < points.size(); ++i) EXPECT_LT(points[i - 1], points[i]);
  }
  EXPECT_EQ(MeasurementCheckpoints(750).back(), 750);
  EXPECT_EQ(MeasurementCheckpoints(1), (std::vector<double>{1}));
}

TEST(TimeToBest, EveryEntrantRunsInItsModesWithEachSeed) {
  const TimeToBest result = MustRun(1);
  ASSERT_EQ(result.competitions.size(), 1u);
  ASSERT_EQ(result.competitions[0].fields.size(), 2u);
  const Field& field = result.competitions[0].fields[1];
  EXPECT_EQ(field.workload, "net.two");
  EXPECT_EQ(field.configs, 30u);
  EXPECT_EQ(field.valid, 19u);
  EXPECT_EQ(field.best_seconds, 1e-3);
  EXPECT_THAT(field.good, ::testing::ElementsAre(1, 1, 1));
  std::size_t expected = 0;
  for (const Entrant& entrant : Entrants()) expected += entrant.modes.size();
  ASSERT_EQ(field.entries.size(), expected);
  for (const Entry& entry : field.entries) {
    ASSERT_EQ(entry.runs.size(), 3u);
    for (const RunSummary& run : entry.runs) {
      EXPECT_GT(run.trials, 0u);
      EXPECT_LE(run.trials, 24u);
      // What the hardware forbids is never proposed; what times out is.
      if (entry.knowledge == Knowledge::kHardware) {
        EXPECT_LE(run.invalid, 2u);
      }
      const bool may_build = entry.entrant.starts_with("validity") ||
                             entry.entrant.starts_with("foothold") || entry.entrant == "ml2tuner";
      const bool builds = may_build && entry.entrant != "validity: random E0" &&
                          entry.knowledge != Knowledge::kBlind;
      EXPECT_EQ(run.builds > 0, builds) << entry.entrant;
    }
  }
}

TEST(TimeToBest, ThreadsDoNotChangeWhatIsMeasured) {
  const TimeToBest one = MustRun(1);
  const TimeToBest four = MustRun(4);
  for (std::size_t f = 0; f < 2; ++f) {
    const auto& a = one.competitions[0].fields[f].entries;
    const auto& b = four.competitions[0].fields[f].entries;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t e = 0; e < a.size(); ++e) {
      for (std::size_t r = 0; r < a[e].runs.size(); ++r) {
        EXPECT_EQ(a[e].runs[r].measured, b[e].runs[r].measured);
        EXPECT_EQ(a[e].runs[r].invalid, b[e].runs[r].invalid);
        EXPECT_EQ(a[e].runs[r].speed_by_measurement, b[e].runs[r].speed_by_measurement);
      }
    }
  }
}

TEST(TimeToBest, AnInterruptGivesNothing) {
  std::vector<Benchmark> benchmarks;
  benchmarks.push_back(ToyBenchmark({"net.one"}));
  std::atomic<bool> interrupt = false;
  TimeToBestOptions options;
  options.jobs = 1;
  std::uint64_t total = 0;
  const auto result = RunTimeToBest(
      benchmarks, Entrants(), options,
      [&](std::uint64_t, std::uint64_t planned) {
        total = planned;
        interrupt = true;
      },
      interrupt);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result->has_value());
  EXPECT_GT(total, 100u);
}

TEST(TimeToBest, SaysWhatItFound) {
  const TimeToBest result = MustRun(2);
  const Page page = ToPage(result);
  const std::string text = page.ToText();
  EXPECT_THAT(text, HasSubstr("### net, toy: measurements"));
  EXPECT_THAT(text, HasSubstr("| validity: presampling, balanced E0 | compiler |"));
  EXPECT_THAT(text, HasSubstr("| net.one  |      30 | 63.3 % |"));
  EXPECT_THAT(page.ToMarkdown(), HasSubstr("0.416"));

  const auto json = base::Json::Parse(page.ToJson()).value();
  EXPECT_EQ(json["data"]["seeds"], 3);
  const auto& target = json["data"]["targets"][0];
  EXPECT_EQ(target["networks"][0]["name"], "net");
  EXPECT_EQ(target["workloads"][0]["entries"][0]["trials"].size(), 3u);
  EXPECT_EQ(target["workloads"][0]["entries"][0]["to optimum: measurements"].size(), 3u);
  EXPECT_EQ(target["workloads"][1]["good"][0]["configs"], 1);
}

TEST(TimeToBest, ShowsEveryModeInItsCharts) {
  const TimeToBest result = MustRun(2);
  const std::vector<Chart> charts = ChartsOf(result, result.competitions.front());
  ASSERT_EQ(charts.size(), 12u) << "three of each mode and of the parts of validity";
  EXPECT_EQ(charts[0].title, "toy, mode blind: best so far by measurements");
  const Entry& entry = result.competitions[0].fields[0].entries[0];
  for (const Chart& chart : charts) {
    for (const Series& series : chart.series) {
      EXPECT_FALSE(series.name.empty());
      EXPECT_EQ(series.x.size(), series.y.size());
      EXPECT_TRUE(std::is_sorted(series.y.begin(), series.y.end())) << "the best only improves";
    }
  }
  EXPECT_EQ(charts[0].series[0].name, entry.entrant);
}

// The page is what the runs say: one run that never got there is missing from both.
TEST(TimeToBest, PageAndJsonHoldTheSameRuns) {
  TimeToBest result = MustRun(2);
  const auto share = [&result](const base::Json& json) {
    const auto& entry = json["data"]["targets"][0]["workloads"][0]["entries"][0];
    int there = 0;
    for (const auto& count : entry["to optimum: measurements"].elements()) there += count != 0;
    return std::pair(there, result.options.seeds);
  };
  const auto before = share(base::Json::Parse(ToPage(result).ToJson()).value());
  for (Field& field : result.competitions[0].fields) {
    for (RunSummary& run : field.entries[0].runs) run.measured[0] = 0;
  }
  const Page page = ToPage(result);
  EXPECT_EQ(share(base::Json::Parse(page.ToJson()).value()).first, 0);
  EXPECT_GT(before.first, 0);
  EXPECT_THAT(page.ToText(), HasSubstr("|     0 % |"));
}

TEST(Entrants, AreFoundByName) {
  const auto found = FindEntrants({"validity", "random"});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)[0].name, "validity");
  EXPECT_EQ((*found)[1].name, "random");
  const auto unknown = FindEntrants({"oracle"});
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.status().message(), HasSubstr("there is no entrant \"oracle\""));
}

}  // namespace
}  // namespace foothold::studies
