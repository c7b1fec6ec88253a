#include "models/gaussian_process/time_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

FeatureMatrix OnALine(std::vector<float> places) {
  FeatureMatrix rows(1);
  for (const float place : places) rows.AppendRow()[0] = place;
  return rows;
}

TEST(TimeModel, ExpectsMoreOfWhatLiesNearFastConfigs) {
  TimeModel model(1);
  const FeatureMatrix known = OnALine({-2, -1, 1, 2});
  for (std::size_t i = 0; i < 4; ++i) {
    model.Observe(known.row(i), std::exp(known.row(i)[0]), std::nullopt);
  }
  EXPECT_FALSE(model.uses_priors());
  EXPECT_NEAR(model.best_seconds(), std::exp(-2.0), 1e-6);
  std::vector<double> scores(2);
  model.LogImprovements(OnALine({-2.5F, 2.5F}), scores);
  EXPECT_GT(scores[0], scores[1]);
}

TEST(TimeModel, WhatIsRetractedIsForgotten) {
  const FeatureMatrix known = OnALine({-2, -1, 1, 2});
  const auto scores_of = [](TimeModel& model) {
    std::vector<double> scores(2);
    model.LogImprovements(OnALine({-2.5F, 2.5F}), scores);
    return scores;
  };
  TimeModel with(1), without(1);
  for (std::size_t i = 0; i < 4; ++i) {
    with.Observe(known.row(i), std::exp(known.row(i)[0]), std::nullopt);
    if (i != 0) without.Observe(known.row(i), std::exp(known.row(i)[0]), std::nullopt);
  }
  with.Retract(known.row(0));
  EXPECT_EQ(with.observed(), 3U);
  EXPECT_EQ(with.best_seconds(), without.best_seconds());
  EXPECT_EQ(scores_of(with), scores_of(without));
  with.Retract(known.row(0));
  EXPECT_EQ(with.observed(), 3U) << "it is forgotten already";
  for (std::size_t i = 1; i < 4; ++i) with.Retract(known.row(i));
  EXPECT_EQ(with.observed(), 0U);
  EXPECT_TRUE(std::isinf(with.best_seconds()));
  with.Observe(known.row(1), 1, std::nullopt);
  EXPECT_EQ(with.best_seconds(), 1);
}

TEST(TimeModel, ABoundMakesWhatIsNearItLookSlowAndIsNoTime) {
  const FeatureMatrix known = OnALine({-2, 0});
  const FeatureMatrix asked = OnALine({1.9F});
  std::vector<double> without(1), with(1);
  TimeModel model(1);
  for (std::size_t i = 0; i < 2; ++i)
    model.Observe(known.row(i), 1 + 0.1 * static_cast<double>(i), std::nullopt);
  model.LogImprovements(asked, without);
  model.ObserveSlower(OnALine({2}).row(0), 20, std::nullopt);
  model.LogImprovements(asked, with);
  EXPECT_LT(with[0], without[0]);
  EXPECT_EQ(model.observed(), 2U);
  EXPECT_EQ(model.best_seconds(), 1);
}

TEST(TimeModel, ABoundBelowWhatIsExpectedAnywaySaysNothing) {
  // Estimated at 5 s, known to take more than 1 s: that is no error of the estimate.
  TimeModel model(1);
  const FeatureMatrix rows = OnALine({0, 0.1F});
  model.Observe(rows.row(0), 5, TimePrior{5});
  model.ObserveSlower(rows.row(1), 1, TimePrior{5});
  std::vector<double> errors(2);
  model.Expected(rows, errors);
  EXPECT_NEAR(errors[1], 0, 1e-6);
  model.ObserveSlower(rows.row(1), 50, TimePrior{5});
  model.Expected(rows, errors);
  EXPECT_GT(errors[1], 0.1) << "it takes at least ten times as long as estimated";
}

TEST(TimeModel, OnlyBoundsAreNothingToScoreBy) {
  TimeModel model(1, /*estimates=*/false);
  const FeatureMatrix rows = OnALine({0, 1});
  for (std::size_t i = 0; i < 2; ++i) model.ObserveSlower(rows.row(i), 3, std::nullopt);
  EXPECT_FALSE(model.can_score());
}

/// log E[max(0, best - N(mean, deviation))], summed up over a million draws' worth of strips.
double NaiveLogGain(double best, double mean, double deviation) {
  double gain = 0;
  const double step = 20.0 / 1e6;
  for (int i = 0; i < 1'000'000; ++i) {
    const double z = -10 + (i + 0.5) * step;
    gain += std::max(0.0, best - mean - deviation * z) * std::exp(-z * z / 2) * step;
  }
  return std::log(gain / std::sqrt(2 * 3.14159265358979));
}

TEST(TimeModel, ScoresAreExpectedImprovements) {
  // Far from everything the prediction is the mean of the logarithms, with their deviation.
  TimeModel model(1);
  const FeatureMatrix known = OnALine({0, 0.001F});
  model.Observe(known.row(0), 1, std::nullopt);
  model.Observe(known.row(1), std::exp(2.0), std::nullopt);
  std::vector<double> scores(1);
  model.LogImprovements(OnALine({1e4}), scores);
  EXPECT_NEAR(scores[0], NaiveLogGain(-1, 0, 1), 1e-3);  // in units of their deviation
}

TEST(TimeModel, WhatCannotBeatTheBestCannotWin) {
  TimeModel model(1);
  const FeatureMatrix rows = OnALine({0, 1, 2});
  model.Observe(rows.row(0), 1.0, TimePrior{0.9, 0.5, 2});
  ASSERT_TRUE(model.uses_priors());
  std::vector<double> scores(3);
  const std::vector<TimePrior> priors = {{0.6, 0.5, 2}, {1.0, 1.0, 2}, {0.99, 0.99, 2}};
  model.LogImprovements(rows, priors, scores);
  EXPECT_EQ(scores[1], TimeModel::kCannotWin);
  EXPECT_GT(scores[2], TimeModel::kCannotWin);
  EXPECT_GT(scores[0], scores[2]);  // it may gain more
}

TEST(TimeModel, LearnsWhereTheEstimateErrs) {
  // To the left programs reach their bound, to the right nothing overlaps; the estimate says
  // neither.
  TimeModel model(1);
  const TimePrior same = {1.2, 1, 2};
  const FeatureMatrix known = OnALine({-2, -1.5F, 1.5F, 2});
  for (std::size_t i = 0; i < 4; ++i) {
    model.Observe(known.row(i), known.row(i)[0] < 0 ? 1.001 : 1.99, same);
  }
  std::vector<double> scores(2);
  const std::vector<TimePrior> priors(2, TimePrior{1.08, 0.9, 1.8});
  model.LogImprovements(OnALine({-1.8F, 1.8F}), priors, scores);
  EXPECT_GT(scores[0], scores[1] + 1);
}

TEST(TimeModel, LearnsTheErrorOfAnEstimateWithoutBounds) {
  // To the right the estimate is off by a factor of three. It has never been seen in the middle.
  TimeModel model(1);
  const FeatureMatrix known = OnALine({-5, -4, 4, 5});
  for (std::size_t i = 0; i < 4; ++i) {
    model.Observe(known.row(i), known.row(i)[0] < 0 ? 2.0 : 6.0, TimePrior{2.0});
  }
  EXPECT_TRUE(model.uses_priors());
  const std::vector<TimePrior> priors = {{1.9}, {1.9}, {1.5}};
  const FeatureMatrix rows = OnALine({-4.5F, 4.5F, 4.5F});
  std::vector<double> scores(3), below(3);
  model.LogImprovements(rows, priors, scores);
  EXPECT_GT(scores[0], scores[2]);
  EXPECT_GT(scores[2], scores[1]);
  model.ProbabilitiesBelow(2.0, rows, priors, below);
  EXPECT_GT(below[0], 0.5);
  EXPECT_LT(below[1], 0.1);
}

TEST(TimeModel, NothingIsBelowItsBound) {
  TimeModel model(1);
  const FeatureMatrix rows = OnALine({0, 1});
  model.Observe(rows.row(0), 1.0, TimePrior{0.9, 0.5, 2});
  std::vector<double> below(2);
  model.ProbabilitiesBelow(0.6, rows, std::vector<TimePrior>{{0.9, 0.5, 2}, {0.9, 0.6, 2}}, below);
  EXPECT_GT(below[0], 0);
  EXPECT_EQ(below[1], 0);
}

TEST(TimeModel, OneConfigWithoutAPriorTurnsThemOff) {
  TimeModel model(1);
  const FeatureMatrix rows = OnALine({0, 1});
  model.Observe(rows.row(0), 1.0, TimePrior{0.9, 0.5, 2});
  model.Observe(rows.row(1), 1.0, std::nullopt);
  EXPECT_FALSE(model.uses_priors());
}

TEST(TimeModel, RemembersTheFastestWhenItForgets) {
  TimeModel model(1);
  Rng rng(1);
  FeatureMatrix row = OnALine({-3});
  model.Observe(row.row(0), 0.01, std::nullopt);
  for (std::size_t i = 0; i < 3 * TimeModel::kMaxRows; ++i) {
    row = OnALine({static_cast<float>(rng.Uniform() * 2)});
    model.Observe(row.row(0), 1 + double{row.row(0)[0]}, std::nullopt);
  }
  std::vector<double> scores(2);
  model.LogImprovements(OnALine({-3.2F, 3}), scores);
  EXPECT_GT(scores[0], scores[1]);
}

}  // namespace
}  // namespace foothold::models
