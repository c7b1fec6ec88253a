#include "models/gaussian_process/adaptive_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

constexpr LengthScalePrior kPrior = {2, 1, 1e-3};

/// Of five features one matters.
double OneMatters(std::span<const float> row) { return std::sin(3 * double{row[2]}); }

FeatureMatrix Draw(std::size_t count, Rng& rng) {
  FeatureMatrix rows(5);
  for (std::size_t i = 0; i < count; ++i) {
    for (float& value : rows.AppendRow()) value = static_cast<float>(rng.Uniform() * 4 - 2);
  }
  return rows;
}

std::vector<double> Targets(const FeatureMatrix& rows) {
  std::vector<double> targets;
  for (std::size_t i = 0; i < rows.rows(); ++i) targets.push_back(OneMatters(rows.row(i)));
  return targets;
}

template <typename Process>
double MeanError(const Process& process, const FeatureMatrix& asked) {
  std::vector<double> mean(asked.rows());
  process.Predict(asked, mean);
  double error = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    error += std::abs(mean[i] - OneMatters(asked.row(i))) / static_cast<double>(mean.size());
  }
  return error;
}

TEST(AdaptiveProcess, LearnsWhatMattersAndErrsLess) {
  constexpr std::uint64_t kSeed = 9;
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  Rng rng(kSeed);
  const FeatureMatrix known = Draw(60, rng), asked = Draw(200, rng);
  AdaptiveProcess adaptive(5, kPrior);
  GaussianProcess fixed(std::vector<double>(5, kPrior.typical), kPrior.noise);
  for (std::size_t i = 0; i < known.rows(); ++i) {
    adaptive.Append(known.row(i));
    fixed.Append(known.row(i));
  }
  adaptive.SetTargets(Targets(known), 0);
  fixed.SetTargets(Targets(known), 0);
  EXPECT_LT(MeanError(adaptive, asked), 0.5 * MeanError(fixed, asked));
  for (const std::size_t k : {0U, 1U, 3U, 4U}) {
    EXPECT_LT(adaptive.length_scales()[2], 0.5 * adaptive.length_scales()[k]);
  }
}

TEST(AdaptiveProcess, WhatIsForgottenNoLongerCounts) {
  Rng rng(1);
  const FeatureMatrix known = Draw(8, rng);
  AdaptiveProcess all(5, kPrior), half(5, kPrior);
  for (std::size_t i = 0; i < 8; ++i) all.Append(known.row(i));
  const std::vector<std::size_t> kept = {1, 4, 5};
  for (const std::size_t i : kept) half.Append(known.row(i));
  all.Keep(kept);
  ASSERT_EQ(all.rows().rows(), 3u);
  all.SetTargets(std::vector<double>{1, 2, 3}, 0.5);
  half.SetTargets(std::vector<double>{1, 2, 3}, 0.5);
  std::vector<double> a(8), b(8);
  all.Predict(known, a);
  half.Predict(known, b);
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace foothold::models
