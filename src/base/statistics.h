#pragma once

#include <optional>
#include <span>

namespace foothold::base {

/// Plain descriptive statistics. All give nullopt where the statistic is not defined: for no
/// values, for values that are not finite, and where the comment says so. No function keeps or
/// reorders its input. The same input gives the same bits.

/// Arithmetic mean, summed with compensation (Neumaier 1974). nullopt also when the sum overflows.
std::optional<double> Mean(std::span<const double> values);

/// The quantile by linear interpolation between order statistics at q * (n - 1), counted from 0
/// (Hyndman and Fan 1996, definition 7; what NumPy and R do unless told otherwise). A single value
/// is all its quantiles. REQUIRES: 0 <= q <= 1. O(n log n).
std::optional<double> Quantile(std::span<const double> values, double q);

/// Quantile 0.5: the middle value, or the mean of the two.
std::optional<double> Median(std::span<const double> values);

/// low <= high.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// A confidence interval of the median of the distribution that the values were drawn from
/// independently, whatever it is: the narrowest pair of order statistics, as many from either end,
/// that holds the median with probability `confidence` or more (David and Nagaraja, Order
/// Statistics, 2003, 7.1; what Hoefler and Belli, SC 2015, advise for times). nullopt also when
/// even the smallest and the largest value do not: below 6 values for 0.95, below 8 for 0.99.
/// REQUIRES: 0 < confidence < 1. O(n log n).
std::optional<Interval> MedianInterval(std::span<const double> values, double confidence);

/// Quantile 0.75 - quantile 0.25; 0 for a single value.
std::optional<double> InterquartileRange(std::span<const double> values);

/// Spearman's rank correlation, in [-1, 1]: Pearson's correlation of the ranks, equal values
/// sharing the mean of their ranks. nullopt also for fewer than two pairs and when all values of
/// one side are equal. REQUIRES: x and y of the same size. O(n log n).
std::optional<double> SpearmanRho(std::span<const double> x, std::span<const double> y);

/// Median of 100 * |predicted - actual| / |actual|, in per cent. nullopt also when an actual value
/// is 0. REQUIRES: both of the same size. O(n log n).
std::optional<double> MedianAbsolutePercentageError(std::span<const double> actual,
                                                    std::span<const double> predicted);

}  // namespace foothold::base
