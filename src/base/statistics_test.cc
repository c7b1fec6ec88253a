#include "base/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "foothold/rng.h"

namespace foothold::base {
namespace {

using Doubles = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

TEST(Mean, IsTheSumOverTheNumber) {
  EXPECT_EQ(Mean(Doubles{1, 2, 6}), 3.0);
  EXPECT_EQ(Mean(Doubles{-5}), -5.0);
  EXPECT_EQ(Mean(Doubles{1e16, 1, -1e16}), 1.0 / 3);  // a plain sum would lose the 1
}

TEST(Mean, IsUndefinedForNothingAndForTheInfinite) {
  EXPECT_FALSE(Mean(Doubles{}).has_value());
  EXPECT_FALSE(Mean(Doubles{1, kNan}).has_value());
  EXPECT_FALSE(Mean(Doubles{1, kInfinity}).has_value());
  EXPECT_FALSE(Mean(Doubles{kLargest, kLargest}).has_value());
}

TEST(Quantile, InterpolatesByDefinitionSeven) {
  // numpy.quantile([15, 20, 35, 40, 50], q)
  const Doubles values = {40, 15, 50, 20, 35};
  EXPECT_EQ(Quantile(values, 0), 15.0);
  EXPECT_EQ(Quantile(values, 0.25), 20.0);
  EXPECT_NEAR(*Quantile(values, 0.4), 29.0, 1e-12);
  EXPECT_EQ(Quantile(values, 0.5), 35.0);
  EXPECT_NEAR(*Quantile(values, 0.9), 46.0, 1e-12);
  EXPECT_EQ(Quantile(values, 1), 50.0);
}

TEST(Quantile, ASingleValueIsAllItsQuantiles) {
  for (const double q : {0.0, 0.3, 1.0}) EXPECT_EQ(Quantile(Doubles{7}, q), 7.0);
}

TEST(Quantile, IsUndefinedForNothingAndForTheInfinite) {
  EXPECT_FALSE(Quantile(Doubles{}, 0.5).has_value());
  EXPECT_FALSE(Quantile(Doubles{1, kNan, 2}, 0.5).has_value());
  EXPECT_FALSE(Quantile(Doubles{1, 2, -kInfinity}, 0.5).has_value());
}

TEST(Quantile, DoesNotOverflowBetweenExtremes) {
  EXPECT_EQ(Quantile(Doubles{-kLargest, kLargest}, 0.5), 0.0);
}

TEST(QuantileDeathTest, AQuantileOutsideTheUnitIntervalIsABug) {
  EXPECT_DEATH((void)Quantile(Doubles{1}, 1.5), "q <= 1");
  EXPECT_DEATH((void)Quantile(Doubles{1}, kNan), "q >= 0");
}

TEST(Median, IsTheMiddleOrTheMeanOfTheTwo) {
  EXPECT_EQ(Median(Doubles{3, 1, 2}), 2.0);
  EXPECT_EQ(Median(Doubles{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(Median(Doubles{5, 5}), 5.0);
  EXPECT_FALSE(Median(Doubles{}).has_value());
}

TEST(InterquartileRange, IsTheWidthOfTheMiddleHalf) {
  EXPECT_EQ(InterquartileRange(Doubles{1, 2, 3, 4, 5}), 2.0);
  EXPECT_EQ(InterquartileRange(Doubles{9}), 0.0);
  EXPECT_EQ(InterquartileRange(Doubles{2, 2, 2}), 0.0);
  EXPECT_FALSE(InterquartileRange(Doubles{}).has_value());
  EXPECT_FALSE(InterquartileRange(Doubles{kNan}).has_value());
}

/// By counting: of all 2^n ways in which n values fall below or above the median, those in which it
/// is within [x(k), x(n-1-k)].
double CoverageByCounting(std::size_t n, std::size_t k) {
  std::size_t inside = 0;
  for (std::uint64_t below = 0; below < (1ULL << n); ++below) {
    const auto count = static_cast<std::size_t>(std::popcount(below));
    if (count > k && n - count > k) ++inside;
  }
  return static_cast<double>(inside) / static_cast<double>(1ULL << n);
}

TEST(MedianInterval, IsTheNarrowestOfThoseThatAreSureEnough) {
  for (const double confidence : {0.5, 0.9, 0.95, 0.99, 0.999}) {
    for (std::size_t n = 1; n <= 18; ++n) {
      Doubles values;
      for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<double>((i * 7 + 3) % n));
      std::sort(values.begin(), values.end());
      std::optional<Interval> expected;
      for (std::size_t k = 0; 2 * k + 1 < n; ++k) {
        if (CoverageByCounting(n, k) >= confidence) expected = {values[k], values[n - 1 - k]};
      }
      EXPECT_EQ(MedianInterval(values, confidence), expected) << n << " values, " << confidence;
    }
  }
  EXPECT_FALSE(MedianInterval(Doubles(5, 1.0), 0.95).has_value());
  EXPECT_TRUE(MedianInterval(Doubles(6, 1.0), 0.95).has_value());
  EXPECT_FALSE(MedianInterval(Doubles(7, 1.0), 0.99).has_value());
  EXPECT_TRUE(MedianInterval(Doubles(8, 1.0), 0.99).has_value());
}

TEST(MedianInterval, HoldsTheMedianAsOftenAsItSaysWhateverTheNoise) {
  // Medians known in closed form: uniform, exponential, and one run in ten three times as long.
  const auto exponential = [](Rng& rng) { return -std::log(1 - rng.Uniform()); };
  const auto stalling = [](Rng& rng) { return (1 + rng.Uniform()) * (rng.Below(10) == 0 ? 3 : 1); };
  const std::vector<std::pair<std::function<double(Rng&)>, double>> noises = {
      {[](Rng& rng) { return rng.Uniform(); }, 0.5},
      {exponential, std::log(2.0)},
      {stalling, 1 + 0.5 / 0.9}};
  for (const auto& [noise, median] : noises) {
    for (const std::size_t n : {6U, 9U, 15U, 30U}) {
      constexpr int kTimes = 4000;
      int held = 0;
      for (int seed = 0; seed < kTimes; ++seed) {
        Rng rng(static_cast<std::uint64_t>(seed));
        Doubles values;
        for (std::size_t i = 0; i < n; ++i) values.push_back(noise(rng));
        const Interval interval = MedianInterval(values, 0.95).value();
        held += interval.low <= median && median <= interval.high ? 1 : 0;
      }
      // 0.95 less four standard deviations of 4,000 tosses.
      EXPECT_GE(static_cast<double>(held) / kTimes, 0.95 - 0.014) << n << " values, " << median;
    }
  }
}

TEST(MedianInterval, TakesManyValuesAndNoNonsense) {
  Doubles many;
  for (int i = 0; i < 5001; ++i) many.push_back(i);
  const Interval interval = MedianInterval(many, 0.95).value();
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 * std::sqrt(5001) / 2, 3);
  EXPECT_EQ(interval.low + interval.high, 5000);
  EXPECT_FALSE(MedianInterval(Doubles{}, 0.95).has_value());
  EXPECT_FALSE(MedianInterval(Doubles{1, 2, 3, 4, 5, 6, kNan}, 0.95).has_value());
}

TEST(SpearmanRho, SeesOnlyTheOrder) {
  EXPECT_EQ(SpearmanRho(Doubles{1, 2, 3, 4}, Doubles{1, 10, 11, 1e9}), 1.0);
  EXPECT_EQ(SpearmanRho(Doubles{1, 2, 3, 4}, Doubles{4, 3, 2, -1e9}), -1.0);
  // 1 - 6 * sum(d^2) / (n (n^2 - 1)) with d = 0, 1, 1, 0: 1 - 12 / 60.
  EXPECT_NEAR(*SpearmanRho(Doubles{1, 2, 3, 4}, Doubles{1, 3, 2, 4}), 0.8, 1e-15);
}

TEST(SpearmanRho, SharesTheRanksOfTies) {
  // scipy.stats.spearmanr([1, 2, 2, 3], [1, 2, 3, 4]): ranks 1, 2.5, 2.5, 4.
  EXPECT_NEAR(*SpearmanRho(Doubles{1, 2, 2, 3}, Doubles{1, 2, 3, 4}), 0.9486832980505138, 1e-15);
  EXPECT_NEAR(*SpearmanRho(Doubles{1, 1, 2, 2}, Doubles{2, 2, 1, 1}), -1.0, 1e-15);
}

/// Pearson's formula on ranks counted the slow way: smaller values plus half of the equal ones.
double SlowSpearman(const Doubles& x, const Doubles& y) {
  const auto rank = [](const Doubles& values, double value) {
    double result = 0.5;
    for (const double other : values) result += other < value ? 1 : other == value ? 0.5 : 0;
    return result;
  };
  const auto n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = rank(x, x[i]);
    const double b = rank(y, y[i]);
    sx += a, sy += b, sxx += a * a, syy += b * b, sxy += a * b;
  }
  return (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

TEST(SpearmanRho, AgreesWithTheSlowFormulaOnTiedData) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    Doubles x;
    Doubles y;
    const std::uint64_t count = 3 + rng.Below(20);
    for (std::uint64_t i = 0; i < count; ++i) {
      x.push_back(static_cast<double>(rng.Below(6)));
      y.push_back(static_cast<double>(rng.Below(6)));
    }
    const std::optional<double> rho = SpearmanRho(x, y);
    if (!rho.has_value()) continue;
    EXPECT_NEAR(*rho, SlowSpearman(x, y), 1e-12) << "seed " << seed;
  }
}

TEST(SpearmanRho, IsUndefinedWithoutVariation) {
  EXPECT_FALSE(SpearmanRho(Doubles{}, Doubles{}).has_value());
  EXPECT_FALSE(SpearmanRho(Doubles{1}, Doubles{2}).has_value());
  EXPECT_FALSE(SpearmanRho(Doubles{1, 1, 1}, Doubles{1, 2, 3}).has_value());
  EXPECT_FALSE(SpearmanRho(Doubles{1, 2, 3}, Doubles{1, 1, 1}).has_value());
  EXPECT_FALSE(SpearmanRho(Doubles{1, kNan}, Doubles{1, 2}).has_value());
  EXPECT_FALSE(SpearmanRho(Doubles{1, 2}, Doubles{1, kInfinity}).has_value());
}

TEST(MedianAbsolutePercentageError, IsInPerCentOfTheActualValue) {
  EXPECT_EQ(MedianAbsolutePercentageError(Doubles{100, 200, -50}, Doubles{110, 200, -75}), 10.0);
  EXPECT_EQ(MedianAbsolutePercentageError(Doubles{4}, Doubles{3}), 25.0);
}

TEST(MedianAbsolutePercentageError, IsUndefinedForNothingAndForActualZeros) {
  EXPECT_FALSE(MedianAbsolutePercentageError(Doubles{}, Doubles{}).has_value());
  EXPECT_FALSE(MedianAbsolutePercentageError(Doubles{1, 0}, Doubles{1, 1}).has_value());
  EXPECT_FALSE(MedianAbsolutePercentageError(Doubles{0}, Doubles{0}).has_value());
  EXPECT_FALSE(MedianAbsolutePercentageError(Doubles{1}, Doubles{kNan}).has_value());
  EXPECT_FALSE(MedianAbsolutePercentageError(Doubles{kInfinity}, Doubles{1}).has_value());
}

}  // namespace
}  // namespace foothold::base
