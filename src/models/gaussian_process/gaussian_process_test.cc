#include "models/gaussian_process/gaussian_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "foothold/rng.h"

namespace foothold::models {
namespace {

double Kernel(std::span<const float> a, std::span<const float> b,
              const std::vector<double>& length_scales) {
  double square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = (double{a[i]} - double{b[i]}) / length_scales[i];
    square += difference * difference;
  }
  const double d = std::sqrt(3 * square);
  return (1 + d) * std::exp(-d);
}

/// Solves a * x = b by Gauss-Jordan elimination with pivoting: the slow, plain way.
std::vector<double> Solve(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < n; ++r)
      if (std::abs(a[r][c]) > std::abs(a[pivot][c])) pivot = r;
    std::swap(a[c], a[pivot]);
    std::swap(b[c], b[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double factor = a[r][c] / a[c][c];
      for (std::size_t k = 0; k < n; ++k) a[r][k] -= factor * a[c][k];
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t c = 0; c < n; ++c) b[c] /= a[c][c];
  return b;
}

FeatureMatrix RandomRows(std::size_t rows, std::size_t columns, Rng& rng) {
  FeatureMatrix matrix(columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (float& value : matrix.AppendRow()) value = static_cast<float>(rng.Uniform() * 4 - 2);
  return matrix;
}

TEST(GaussianProcess, AgreesWithTheTextbookFormula) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const std::size_t n = 1 + rng.Below(45);
    const std::vector<double> scales = {0.5 + 3 * rng.Uniform(), 0.5 + 3 * rng.Uniform(), 2};
    constexpr double kNoise = 0.01;
    const FeatureMatrix known = RandomRows(n, 3, rng);
    const FeatureMatrix asked = RandomRows(7, 3, rng);
    std::vector<double> targets(n);
    for (double& t : targets) t = rng.Uniform();

    GaussianProcess process(scales, kNoise);
    for (std::size_t i = 0; i < n; ++i) process.Append(known.row(i));
    process.SetTargets(targets, 0.25);
    std::vector<double> mean(7), mean_only(7), deviation(7);
    process.Predict(asked, mean, deviation);
    process.Predict(asked, mean_only);

    std::vector<std::vector<double>> matrix(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        matrix[i][j] = Kernel(known.row(i), known.row(j), scales) + (i == j ? kNoise : 0);
    for (std::size_t q = 0; q < 7; ++q) {
      std::vector<double> k(n);
      for (std::size_t i = 0; i < n; ++i) k[i] = Kernel(known.row(i), asked.row(q), scales);
      const std::vector<double> solved = Solve(matrix, k);
      double expected = 0.25, variance = 1;
      for (std::size_t i = 0; i < n; ++i) {
        expected += solved[i] * (targets[i] - 0.25);
        variance -= solved[i] * k[i];
      }
      EXPECT_NEAR(mean[q], expected, 1e-6);
      EXPECT_NEAR(mean_only[q], mean[q], 1e-12);
      EXPECT_NEAR(deviation[q], std::sqrt(variance), 1e-5);
    }
  }
}

TEST(GaussianProcess, WithoutRowsIsThePrior) {
  GaussianProcess process({3, 3}, 1e-3);
  process.SetTargets({}, 1.5);
  Rng rng(1);
  std::vector<double> mean(3), deviation(3);
  process.Predict(RandomRows(3, 2, rng), mean, deviation);
  EXPECT_EQ(mean, std::vector<double>(3, 1.5));
  EXPECT_EQ(deviation, std::vector<double>(3, 1.0));
}

TEST(GaussianProcess, TakesTheSameRowManyTimes) {
  GaussianProcess process({1}, 1e-6);
  const std::vector<float> row = {0.5F};
  for (int i = 0; i < 100; ++i) process.Append(row);
  process.SetTargets(std::vector<double>(100, 3.0), 0);
  FeatureMatrix asked(1);
  asked.AppendRow()[0] = 0.5F;
  std::vector<double> mean(1), deviation(1);
  process.Predict(asked, mean, deviation);
  EXPECT_NEAR(mean[0], 3.0, 1e-3);
  EXPECT_LT(deviation[0], 0.01);
}

}  // namespace
}  // namespace foothold::models
