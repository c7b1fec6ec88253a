#include "studies/recorded_spaces/performance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "studies/recorded_spaces/testing/synthetic_space.h"

namespace foothold::studies {
namespace {

using foothold::testing::SyntheticSpace;
using ::testing::ElementsAre;

/// Uniform draws of configs without replacement, failing ones included, for `seconds`.
RecordedRun RandomRun(const ReplayedSpace& replayed, double seconds, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::uint64_t> ranks(replayed.space().valid_count());
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = i;
  rng.Shuffle(ranks);
  RecordedRun run;
  double at_s = 0;
  for (const std::uint64_t rank : ranks) {
    if (at_s >= seconds) break;
    at_s += replayed.TrialCost(replayed.trial(rank));
    run.steps.push_back({rank, at_s});
  }
  return run;
}

double ScoreOfRandomSearch(double invalid, ScoreKind kind) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 50, .invalid = invalid});
  const RandomBaseline baseline(replayed);
  const auto times = ScoreTimes(baseline, kind);
  std::vector<std::vector<float>> places;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    places.push_back(PlacesOf(RandomRun(replayed, times.back(), seed), replayed, baseline, times));
  }
  return PerformanceOf(places, baseline, kind).score;
}

// A little below 0: a trial counts when it is done, and the baseline also grows while it runs; and
// the mean over runs that drew more and fewer valid configs is worse than a run of the mean number.
TEST(Performance, RandomSearchScoresNothing) {
  EXPECT_NEAR(ScoreOfRandomSearch(0, ScoreKind::kValid), -0.05, 0.05);
  EXPECT_NEAR(ScoreOfRandomSearch(0, ScoreKind::kPublished), -0.1, 0.15);
}

// Why there is a second score (docs/concepts/performance-score.md#failures).
TEST(Performance, OnlyThePublishedScoreBlamesSearchersForAnInvalidSpace) {
  for (const double invalid : {0.3, 0.6, 0.9}) {
    SCOPED_TRACE(invalid);
    EXPECT_NEAR(ScoreOfRandomSearch(invalid, ScoreKind::kValid), -0.1, 0.1);
  }
  EXPECT_LT(ScoreOfRandomSearch(0.6, ScoreKind::kPublished), -0.2);
  EXPECT_LT(ScoreOfRandomSearch(0.9, ScoreKind::kPublished), -1);
}

TEST(Performance, TheOptimumFromTheStartScoresOne) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 30, .invalid = 0.5});
  const RandomBaseline baseline(replayed);
  std::uint64_t best = 0;
  for (std::uint64_t rank = 0; rank < replayed.space().valid_count(); ++rank) {
    const RecordedTrial& trial = replayed.trial(rank);
    if (trial.outcome == Outcome::kCorrect && Seconds(trial) == baseline.optimum()) best = rank;
  }
  RecordedRun run;
  run.steps = {{best, 0.01}};
  for (const ScoreKind kind : {ScoreKind::kPublished, ScoreKind::kValid}) {
    const auto times = ScoreTimes(baseline, kind);
    const std::vector<std::vector<float>> places = {PlacesOf(run, replayed, baseline, times)};
    const Performance performance = PerformanceOf(places, baseline, kind);
    EXPECT_DOUBLE_EQ(performance.score, 1);
    EXPECT_THAT(performance.resampled, ::testing::Each(::testing::DoubleEq(1)));
  }
}

TEST(Performance, ARunThatFindsNothingStandsAtTheWorst) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 30, .invalid = 0.5});
  const RandomBaseline baseline(replayed);
  RecordedRun run;
  for (std::uint64_t rank = 0; run.steps.size() < 3; ++rank) {
    if (replayed.trial(rank).outcome != Outcome::kCorrect) run.steps.push_back({rank, 1});
  }
  const auto places = PlacesOf(run, replayed, baseline, std::vector<double>{0.5, 2, 8});
  const auto worst = static_cast<float>(baseline.times().size() - 1);
  EXPECT_THAT(places, ElementsAre(worst, worst, worst));
  const std::vector<std::vector<float>> all(2, std::vector<float>(kScoreTimes, worst));
  EXPECT_LT(PerformanceOf(all, baseline, ScoreKind::kValid).score, -1);
}

TEST(Performance, PlacesFollowTheBestSoFar) {
  const ReplayedSpace replayed = SyntheticSpace({.side = 3});
  const RandomBaseline baseline(replayed);
  std::vector<std::uint64_t> rank_at(9);
  for (std::uint64_t rank = 0; rank < 9; ++rank) {
    rank_at[baseline.PlaceOf(Seconds(replayed.trial(rank)))] = rank;
  }
  RecordedRun run;
  run.steps = {{rank_at[5], 1}, {rank_at[7], 2}, {rank_at[2], 3}};
  EXPECT_THAT(PlacesOf(run, replayed, baseline, std::vector<double>{0.9, 1, 2.5, 3, 99}),
              ElementsAre(8, 5, 5, 2, 2));
}

TEST(Performance, TheMeanIsOverSpaces) {
  Performance a{0.2, std::vector<double>(kScoreResamples, 0.1)};
  Performance b{0.6, std::vector<double>(kScoreResamples, 0.5)};
  const Performance mean = MeanPerformance(std::vector<Performance>{a, b});
  EXPECT_DOUBLE_EQ(mean.score, 0.4);
  EXPECT_THAT(mean.resampled, ::testing::Each(::testing::DoubleEq(0.3)));
}

}  // namespace
}  // namespace foothold::studies
