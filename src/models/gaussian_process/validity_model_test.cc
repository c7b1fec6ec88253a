#include "models/gaussian_process/validity_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

/// Valid in a corner of the plane, like a bound on a product in logarithms.
bool IsValid(std::span<const float> row) { return row[0] + row[1] < -0.3F; }

FeatureMatrix Points(std::size_t count, Rng& rng) {
  FeatureMatrix rows(2);
  for (std::size_t i = 0; i < count; ++i)
    for (float& v : rows.AppendRow()) v = static_cast<float>(rng.Uniform() * 4 - 2);
  return rows;
}

void Teach(ValidityModel& model, const FeatureMatrix& rows) {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (IsValid(rows.row(i))) {
      model.ObserveValid(rows.row(i));
    } else {
      model.ObserveFailure(rows.row(i), Outcome::kCompile, "too large");
    }
  }
}

/// Mean of (P - truth)^2: 0.25 for P = 0.5, 0 for a seer.
double Brier(ValidityModel& model, const FeatureMatrix& rows) {
  std::vector<double> p(rows.rows());
  model.Probabilities(rows, p);
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double truth = IsValid(rows.row(i)) ? 1 : 0;
    sum += (p[i] - truth) * (p[i] - truth);
  }
  return sum / static_cast<double>(p.size());
}

TEST(ValidityModel, LearnsABoundOnAProduct) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    ValidityModel model(2);
    const FeatureMatrix test = Points(400, rng);
    Teach(model, Points(20, rng));
    const double few = Brier(model, test);
    Teach(model, Points(180, rng));
    const double many = Brier(model, test);
    EXPECT_LT(few, 0.16);
    EXPECT_LT(many, 0.05);
    EXPECT_LT(many, few);
  }
}

TEST(ValidityModel, StaysGoodWhenItForgets) {
  Rng rng(7);
  ValidityModel model(2);
  Teach(model, Points(2 * ValidityModel::kMaxRows, rng));
  EXPECT_EQ(model.observed(), 2 * ValidityModel::kMaxRows);
  EXPECT_LT(Brier(model, Points(400, rng)), 0.05);
}

TEST(ValidityModel, WithoutObservationsAllAreAlike) {
  Rng rng(1);
  ValidityModel model(2);
  std::vector<double> p(5);
  model.Probabilities(Points(5, rng), p);
  for (const double x : p) EXPECT_EQ(x, p[0]);
}

TEST(ValidityModel, WhatFailsLateOrRarelyIsNearerToValid) {
  ValidityModel model(1);
  FeatureMatrix rows(1);
  for (const float place : {-20.0F, 0.0F, 20.0F, 40.0F}) rows.AppendRow()[0] = place;
  for (int i = 0; i < 5; ++i) model.ObserveFailure(rows.row(0), Outcome::kCompile, "first check");
  model.ObserveFailure(rows.row(1), Outcome::kCompile, "last check");
  model.ObserveFailure(rows.row(2), Outcome::kCorrectness, "verify");
  std::vector<double> p(4);
  model.Probabilities(rows, p);
  EXPECT_LT(p[0], p[1]);
  EXPECT_LT(p[1], p[2]);
}

TEST(ValidityModel, IsOptimisticAboutWhatLittleIsKnownOf) {
  ValidityModel model(1);
  FeatureMatrix rows(1);
  for (const float place : {0.0F, 0.5F, 9.0F}) rows.AppendRow()[0] = place;
  for (int i = 0; i < 6; ++i) {
    model.ObserveFailure(rows.row(static_cast<std::size_t>(i % 2)), Outcome::kCompile, "check");
  }
  std::vector<double> plain(3), optimistic(3);
  model.Probabilities(rows, plain);
  model.OptimisticProbabilities(rows, optimistic);
  EXPECT_LT(plain[2], 0.05);
  EXPECT_GT(optimistic[2], 2 * plain[2]) << "far from all failures";
  EXPECT_LT(optimistic[0], 1.5 * plain[0]) << "it failed there";
}

}  // namespace
}  // namespace foothold::models
