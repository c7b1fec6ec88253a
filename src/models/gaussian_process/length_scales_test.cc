#include "models/gaussian_process/length_scales.h"

#include <gtest/gtest.h>

#include <cmath>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

struct Data {
  FeatureMatrix rows{3};
  std::vector<double> targets;
};

/// The first feature matters much, the second a little, the third not at all.
Data Draw(std::size_t count, std::uint64_t seed) {
  Data data;
  Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = data.rows.AppendRow();
    for (float& value : row) value = static_cast<float>(rng.Uniform() * 4 - 2);
    data.targets.push_back(std::sin(2 * double{row[0]}) + 0.2 * double{row[1]});
  }
  return data;
}

TEST(LengthScales, TheGradientIsThatOfTheEvidence) {
  constexpr std::uint64_t kSeed = 3;
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  const Data data = Draw(25, kSeed);
  const LengthScalePrior prior = {2, 0.7, 1e-2};
  const std::vector<double> logs = {0.3, 0.9, 1.4};
  std::vector<double> gradient(3);
  LogEvidence(data.rows, data.targets, logs, prior, gradient);
  for (std::size_t k = 0; k < 3; ++k) {
    constexpr double kStep = 1e-5;
    std::vector<double> up = logs, down = logs;
    up[k] += kStep;
    down[k] -= kStep;
    const double difference = LogEvidence(data.rows, data.targets, up, prior, {}) -
                              LogEvidence(data.rows, data.targets, down, prior, {});
    EXPECT_NEAR(gradient[k], difference / (2 * kStep), 1e-4 * (1 + std::abs(gradient[k])));
  }
}

TEST(LengthScales, WhatMattersLessGetsALongerScale) {
  const Data data = Draw(40, 5);
  const LengthScalePrior prior = {2, 1, 1e-3};
  const std::vector<double> start(3, 2.0);
  const std::vector<double> scales = FitLengthScales(data.rows, data.targets, start, prior, 30);
  EXPECT_LT(scales[0], scales[1]);
  EXPECT_LT(scales[1], scales[2]);
  const auto evidence = [&](const std::vector<double>& s) {
    std::vector<double> logs;
    for (const double scale : s) logs.push_back(std::log(scale));
    return LogEvidence(data.rows, data.targets, logs, prior, {});
  };
  EXPECT_GT(evidence(scales), evidence(start) + 5);
}

TEST(LengthScales, WithoutDataThePriorStays) {
  const FeatureMatrix rows(2);
  const std::vector<double> scales = FitLengthScales(rows, {}, {3, 3}, {3, 1, 1e-3}, 20);
  EXPECT_NEAR(scales[0], 3, 1e-9);
  EXPECT_NEAR(scales[1], 3, 1e-9);
}

}  // namespace
}  // namespace foothold::models
