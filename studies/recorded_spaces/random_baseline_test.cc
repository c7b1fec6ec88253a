#include "studies/recorded_spaces/random_baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/testing/test_data.h"
#include "studies/recorded_spaces/testing/synthetic_space.h"

namespace foothold::studies {
namespace {

using foothold::testing::SyntheticOptions;
using foothold::testing::SyntheticSpace;
using ::testing::DoubleNear;

TEST(RandomBaseline, CountsAndCosts) {
  const RandomBaseline baseline(SyntheticSpace({.side = 30, .invalid = 0.4}));
  EXPECT_EQ(baseline.configs(), 900u);
  EXPECT_NEAR(baseline.invalid_share(), 0.4, 0.05);
  EXPECT_DOUBLE_EQ(baseline.mean_valid_cost(), 1);
  EXPECT_DOUBLE_EQ(baseline.mean_invalid_cost(), 2);
  const double p = baseline.invalid_share();
  EXPECT_DOUBLE_EQ(baseline.SecondsPerDraw(ScoreKind::kPublished), 1 + p * 2);
  EXPECT_DOUBLE_EQ(baseline.SecondsPerDraw(ScoreKind::kValid), 1 + p / (1 - p) * 2);
  for (std::size_t place = 0; place < baseline.times().size(); ++place) {
    EXPECT_EQ(baseline.PlaceOf(baseline.times()[place]), place);
    EXPECT_EQ(baseline.TimeAt(static_cast<double>(place)), baseline.times()[place]);
  }
  EXPECT_DOUBLE_EQ(baseline.TimeAt(0.5), (baseline.times()[0] + baseline.times()[1]) / 2);
}

/// The definition, read step by step: sorted descending, the first that is good enough.
std::uint64_t DrawsByDefinition(const RandomBaseline& baseline, double percentile) {
  std::vector<double> descending(baseline.times().rbegin(), baseline.times().rend());
  const double goal =
      baseline.optimum() + (baseline.median() - baseline.optimum()) * (1 - percentile);
  std::size_t i = 0;
  while (descending[i] > goal) ++i;
  const auto rest = static_cast<double>(descending.size() + 1 - i);
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(static_cast<double>(i) / rest)));
}

TEST(RandomBaseline, DrawsAreThoseOfTheDefinition) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const RandomBaseline baseline(SyntheticSpace({.side = 12, .invalid = 0.3, .seed = seed}));
    for (const double percentile : {0.01, 0.3, 0.5, 0.9, 0.95, 0.99}) {
      EXPECT_EQ(baseline.DrawsTo(percentile), DrawsByDefinition(baseline, percentile));
    }
  }
}

/// The mean place of the best of `draws` valid configs, drawn without replacement, 20,000 times.
double MonteCarloPlace(std::size_t count, std::size_t draws, Rng& rng) {
  constexpr int kRepeats = 20'000;
  std::vector<std::size_t> places(count);
  std::iota(places.begin(), places.end(), 0);
  double sum = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    std::size_t best = count;
    for (std::size_t i = 0; i < draws; ++i) {
      std::swap(places[i], places[i + rng.Below(count - i)]);
      best = std::min(best, places[i]);
    }
    sum += static_cast<double>(best);
  }
  return sum / kRepeats;
}

TEST(RandomBaseline, OfValidDrawsIsWhatDrawingGives) {
  const RandomBaseline baseline(SyntheticSpace({.side = 20}));
  const std::size_t count = baseline.times().size();
  Rng rng(5);
  for (const std::size_t draws : {1u, 2u, 5u, 20u, 100u}) {
    SCOPED_TRACE(draws);
    const double place = MonteCarloPlace(count, draws, rng);
    const double at_s = static_cast<double>(draws) * baseline.SecondsPerDraw(ScoreKind::kValid);
    const double tolerance = 0.02 * static_cast<double>(count) / static_cast<double>(draws);
    EXPECT_LE(baseline.TimeOfRandomSearch(ScoreKind::kValid, at_s),
              baseline.TimeAt(place + tolerance));
    EXPECT_GE(baseline.TimeOfRandomSearch(ScoreKind::kValid, at_s),
              baseline.TimeAt(std::max(0.0, place - tolerance)));
    // The published one counts from the worst as 0, and so is one place better, and rounds.
    EXPECT_LE(baseline.TimeOfRandomSearch(ScoreKind::kPublished, at_s),
              baseline.TimeAt(std::max(0.0, place + tolerance - 0.5)));
    EXPECT_GE(baseline.TimeOfRandomSearch(ScoreKind::kPublished, at_s),
              baseline.TimeAt(std::max(0.0, place - tolerance - 1.5)));
  }
}

TEST(RandomBaseline, GetsNoWorse) {
  const RandomBaseline baseline(SyntheticSpace({.side = 15, .invalid = 0.5}));
  for (const ScoreKind kind : {ScoreKind::kPublished, ScoreKind::kValid}) {
    double before = baseline.TimeOfRandomSearch(kind, 0);
    for (double at_s = 0; at_s < 500; at_s += 0.37) {
      const double now = baseline.TimeOfRandomSearch(kind, at_s);
      EXPECT_LE(now, before);
      before = now;
    }
  }
}

struct KnownBudget {
  const char* file;
  std::uint64_t draws;
  double seconds;
  double valid_cost_s;
  double invalid_cost_s;
};

// Computed by others from the same files (docs/results/protocol.md#recorded-spaces).
TEST(RandomBaseline, RealSpacesHaveThePublishedBudgets) {
  const std::string folder = testing::DataDirectory() + "/spaces/";
  if (!Env::Default()->FileExists(folder + "pnpoly_RTX_3090.json.gz")) {
    GTEST_SKIP() << "no recorded spaces in " << folder;
  }
  for (const KnownBudget& known :
       {KnownBudget{"convolution_RTX_3090.json.gz", 127, 193, 1.59, 3.28},
        KnownBudget{"convolution_milo_A100.json.gz", 1050, 2526, 2.71, 4.94},
        KnownBudget{"convolution_milo_A6000.json.gz", 388, 1107, 3.34, 5.54},
        KnownBudget{"pnpoly_RTX_3090.json.gz", 179, 47, 0.29, 0.14}}) {
    SCOPED_TRACE(known.file);
    auto recorded = ReadRecordedSpace(*Env::Default(), folder + known.file);
    ASSERT_TRUE(recorded.ok()) << recorded.status().message();
    const RandomBaseline baseline(*ReplayedSpace::Create(*std::move(recorded), known.file));
    EXPECT_EQ(baseline.DrawsTo(RandomBaseline::kEnd), known.draws);
    EXPECT_THAT(baseline.WindowEnd(ScoreKind::kPublished), DoubleNear(known.seconds, 0.5));
    EXPECT_THAT(baseline.mean_valid_cost(), DoubleNear(known.valid_cost_s, 0.005));
    EXPECT_THAT(baseline.mean_invalid_cost(), DoubleNear(known.invalid_cost_s, 0.005));
  }
}

}  // namespace
}  // namespace foothold::studies
