#include "measure/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "measure/device_runner.h"
#include "measure/testing/noisy_task.h"

namespace foothold::measure {
namespace {

using ::testing::ElementsAre;

Measurement Correct(std::vector<double> seconds) {
  Measurement measurement;
  measurement.times_per_run.assign(seconds.size(), 1);
  measurement.seconds = std::move(seconds);
  return measurement;
}

TEST(LeadersOf, AreThoseWhoseBoundsReachTheBest) {
  const RepeatOptions rules;  // a margin of 5 % for a single run
  Measurement failed;
  failed.failure = {Outcome::kRuntime, "run.exit", "crashed"};
  const std::vector<Measurement> measured = {Correct({1.2}), failed, Correct({1.14}), Correct({1}),
                                             Correct({1.16})};
  EXPECT_THAT(LeadersOf(measured, rules), ElementsAre(3, 2));
  EXPECT_TRUE(LeadersOf(std::vector<Measurement>{failed}, rules).empty());
}

TEST(LeadersOf, AreAtMostSixteenTheFastest) {
  std::vector<Measurement> measured;
  for (int i = 0; i < 40; ++i) measured.push_back(Correct({1.04 - 0.001 * i}));
  const std::vector<std::size_t> leaders = LeadersOf(measured, {});
  ASSERT_EQ(leaders.size(), 16U);
  for (std::size_t i = 0; i < leaders.size(); ++i) EXPECT_EQ(leaders[i], 39 - i);
}

TEST(Part, UntiesOnlyWhatIsSlowerInEnoughRounds) {
  Comparison comparison;
  comparison.candidates.resize(3);
  for (int round = 1; round <= 8; ++round) {
    const double load = round % 2 == 0 ? 1 : 5;  // of the machine, on all of them
    comparison.candidates[0].seconds.push_back(1.02 * load);
    comparison.candidates[1].seconds.push_back(1.00 * load);
    comparison.candidates[2].seconds.push_back((round == 3 ? 0.9 : 1.05) * load);
    EXPECT_TRUE(Part(comparison, 0.001)) << round;
    EXPECT_EQ(comparison.best, 1U);
    EXPECT_EQ(comparison.candidates[0].tied, round < 8) << "8 rounds are the first to be sure";
    EXPECT_TRUE(comparison.candidates[2].tied) << "it was faster once in 8";
  }
}

TEST(Part, StopsWhenTheTiedOnesAreAsGoodAsEqual) {
  Comparison comparison;
  comparison.candidates.resize(2);
  for (int round = 1; round <= 8; ++round) {
    comparison.candidates[0].seconds.push_back(1 + 0.001 * (round % 3));
    comparison.candidates[1].seconds.push_back(1 + 0.001 * (round % 2));
    EXPECT_EQ(Part(comparison, 0.01), round < 8) << round;
  }
  EXPECT_TRUE(comparison.candidates[0].tied && comparison.candidates[1].tied);
  comparison.candidates.clear();
  EXPECT_FALSE(Part(comparison, 0.01));
  EXPECT_FALSE(comparison.best.has_value());
}

class CompareInTurnsTest : public ::testing::Test {
 protected:
  CompareInTurnsTest() { env_.StopClocks(1000, 50); }
  Result<Comparison> Compare(const NoisyTask& task, double seconds = 1000) {
    std::vector<Config> configs;
    for (std::uint32_t n = 0; n < task.space().raw_size(); ++n) configs.push_back(Config{{n}});
    rounds_.clear();
    return CompareInTurns(
        task, {60, true}, configs, rules_, seconds, 1, env_, [this] { return stop_; },
        [this](const Comparison& so_far) {
          std::size_t rounds = 0;
          for (const auto& candidate : so_far.candidates) {
            rounds = std::max(rounds, candidate.seconds.size());
          }
          rounds_.push_back(rounds);
        });
  }
  process::FaultEnv env_{Env::Default()};
  RepeatOptions rules_;
  bool stop_ = false;
  std::vector<std::size_t> rounds_;  // known at each call of on_round
};

TEST_F(CompareInTurnsTest, RunsAllInEachRoundInRandomOrderAndTheFastestParts) {
  const NoisyTask task(env_, {1.1, 1.0, 1.2}, LogNormal(1), 1);
  const Comparison comparison = Compare(task).value();
  EXPECT_EQ(comparison.best, 1U);
  EXPECT_FALSE(comparison.candidates[0].tied || comparison.candidates[2].tied);
  ASSERT_EQ(task.log.size(), 3U * (1 + 8)) << "a warm-up, and the rounds that it takes to be sure";
  std::set<std::vector<std::size_t>> orders;
  for (std::size_t at = 0; at < task.log.size(); at += 3) {
    const std::vector<std::size_t> order(task.log.begin() + static_cast<std::ptrdiff_t>(at),
                                         task.log.begin() + static_cast<std::ptrdiff_t>(at) + 3);
    EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), 3U);
    orders.insert(order);
  }
  EXPECT_GT(orders.size(), 1U);
  EXPECT_EQ(std::count(task.verified.begin(), task.verified.end(), true), 3);
}

TEST_F(CompareInTurnsTest, EndsWithItsBudgets) {
  rules_.final_rounds = 5;
  const NoisyTask task(env_, {1, 1}, LogNormal(5), 1);
  EXPECT_EQ(Compare(task).value().candidates[0].seconds.size(), 5U);
  EXPECT_EQ(rounds_, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5})) << "after the warm-up too";
  EXPECT_EQ(Compare(task, 5.5).value().candidates[0].seconds.size(), 2U) << "2 s a round";
  const Comparison nothing = Compare(task, 0.5).value();
  EXPECT_FALSE(nothing.best.has_value());
  EXPECT_TRUE(nothing.candidates[0].tied && nothing.candidates[1].tied);
  stop_ = true;
  EXPECT_EQ(Compare(task).status().code(), StatusCode::kCancelled);
}

TEST_F(CompareInTurnsTest, WhoFailsIsOut) {
  NoisyTask task(env_, {1, 1.001}, NoNoise, 1);
  std::size_t faster_ran = 0;
  task.fails = [&](std::size_t run) {
    RunResult result;
    if (task.log[run] == 0 && ++faster_ran == 4) {
      result.failure = {Outcome::kTimeout, "run.timeout", "hung"};
    }
    return result;
  };
  const Comparison comparison = Compare(task).value();
  EXPECT_EQ(comparison.best, 1U);
  EXPECT_EQ(comparison.candidates[0].failure->reason, "hung");
  EXPECT_FALSE(comparison.candidates[0].tied);
}

// All of it together, as `foothold tune` does it: measure every config, hold a final among the
// leaders. Whatever the noise, the truly best one must be among those that are said to be tied, and
// a single winner must be the truly best one, in 95 of 100 runs and more.
TEST(Measuring, FindsTheTrulyBestWhateverTheNoise) {
  std::vector<double> close;  // 24 configs, 0.4 % apart at the top
  for (int n = 0; n < 24; ++n) close.push_back(0.01 * (1 + 0.004 * n + 0.002 * n * n));
  std::vector<double> apart;  // 5 % apart
  for (int n = 0; n < 24; ++n) apart.push_back(0.01 * std::pow(1.05, n));
  struct Case {
    const char* name;
    std::vector<double> true_seconds;
    NoisyTask::Noise noise;
  };
  const std::vector<Case> cases = {{"close, calm (0.3 %)", close, LogNormal(0.3)},
                                   {"close, 1 %", close, LogNormal(1)},
                                   {"close, noisy (5 %)", close, LogNormal(5)},
                                   {"close, stalls", close, Stalling(1)},
                                   {"apart, 1 %", apart, LogNormal(1)},
                                   {"apart, noisy (5 %)", apart, LogNormal(5)},
                                   {"apart, stalls", apart, Stalling(2)},
                                   {"close, drift", close, Drifting(1)},
                                   {"apart, drift", apart, Drifting(1)}};
  constexpr int kSeeds = 200;
  for (const Case& c : cases) {
    int kept = 0;
    int false_winners = 0;
    std::size_t tied_sum = 0;
    std::size_t runs = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      process::FaultEnv env(Env::Default());
      env.StopClocks(1000, 50);
      const NoisyTask task(env, c.true_seconds, c.noise, seed);
      const RepeatOptions rules;
      DeviceOptions device;
      const auto runner = MakeDeviceRunner(task, {60, true}, device, rules, 1, env);
      std::vector<Config> configs;
      for (std::uint32_t n = 0; n < task.space().raw_size(); ++n) configs.push_back(Config{{n}});
      Rng rng(seed);
      for (std::size_t left = configs.size(); left > 1; --left) {
        std::swap(configs[left - 1], configs[rng.Below(left)]);
      }
      const auto never = [] { return false; };
      const std::vector<Measurement> measured = runner->Measure(configs, never).measurements;
      std::vector<Config> leaders;
      for (const std::size_t i : LeadersOf(measured, rules)) leaders.push_back(measured[i].config);
      const Comparison comparison =
          runner
              ->Compare(leaders, rules, rules.final_seconds, seed, never, [](const Comparison&) {})
              .value();
      std::size_t tied = 0;
      bool best_is_tied = false;
      for (std::size_t i = 0; i < leaders.size(); ++i) {
        if (!comparison.candidates[i].tied) continue;
        ++tied;
        best_is_tied = best_is_tied || leaders[i].choices[0] == 0;
      }
      kept += best_is_tied ? 1 : 0;
      false_winners += tied == 1 && !best_is_tied ? 1 : 0;
      tied_sum += tied;
      runs += task.log.size();
    }
    std::printf(
        "%-20s truly best among the tied %5.1f %%, false winners %4.1f %%, tied %4.1f, "
        "runs per config %4.1f\n",
        c.name, 100.0 * kept / kSeeds, 100.0 * false_winners / kSeeds,
        static_cast<double>(tied_sum) / kSeeds, static_cast<double>(runs) / kSeeds / 24);
    EXPECT_GE(kept, 0.95 * kSeeds) << c.name << ", seeds 0 to " << kSeeds - 1;
    EXPECT_LE(false_winners, 0.05 * kSeeds) << c.name << ", seeds 0 to " << kSeeds - 1;
  }
}

}  // namespace
}  // namespace foothold::measure
