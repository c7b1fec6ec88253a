#include "base/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/check.h"

namespace foothold::base {
namespace {

bool AllFinite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

std::vector<double> Sorted(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

double QuantileOfSorted(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double fraction = position - static_cast<double>(below);
  if (fraction == 0) return sorted[below];
  // Not a + f * (b - a), whose difference may overflow.
  return (1 - fraction) * sorted[below] + fraction * sorted[below + 1];
}

/// Ranks from 1; equal values share the mean of the ranks they take up.
std::vector<double> Ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double shared = static_cast<double>(first + 1 + end) / 2;
    for (; first < end; ++first) ranks[order[first]] = shared;
  }
  return ranks;
}

}  // namespace

std::optional<double> Mean(std::span<const double> values) {
  if (values.empty() || !AllFinite(values)) return std::nullopt;
  double sum = 0;
  double lost = 0;
  for (const double value : values) {
    const double next = sum + value;
    lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const double mean = (sum + lost) / static_cast<double>(values.size());
  return std::isfinite(mean) ? std::optional(mean) : std::nullopt;
}

std::optional<double> Quantile(std::span<const double> values, double q) {
  FOOTHOLD_CHECK(q >= 0 && q <= 1);
  if (values.empty() || !AllFinite(values)) return std::nullopt;
  return QuantileOfSorted(Sorted(values), q);
}

std::optional<double> Median(std::span<const double> values) { return Quantile(values, 0.5); }

std::optional<Interval> MedianInterval(std::span<const double> values, double confidence) {
  FOOTHOLD_CHECK(confidence > 0 && confidence < 1);
  if (values.empty() || !AllFinite(values)) return std::nullopt;
  // The median misses [x(k), x(n-1-k)], counted from 0, on one side when at most k values fall on
  // the other: binomial, each with chance 1/2. In logarithms, as 2^-n underflows.
  const auto n = static_cast<double>(values.size());
  double log_term = -n * std::log(2.0);
  double tail = std::exp(log_term);
  std::optional<std::size_t> k;
  for (std::size_t i = 0; 2 * i + 1 < values.size() && 1 - 2 * tail >= confidence; ++i) {
    k = i;
    log_term += std::log((n - static_cast<double>(i)) / static_cast<double>(i + 1));
    tail += std::exp(log_term);
  }
  if (!k) return std::nullopt;
  const std::vector<double> sorted = Sorted(values);
  return Interval{sorted[*k], sorted[sorted.size() - 1 - *k]};
}

std::optional<double> InterquartileRange(std::span<const double> values) {
  if (values.empty() || !AllFinite(values)) return std::nullopt;
  const std::vector<double> sorted = Sorted(values);
  return QuantileOfSorted(sorted, 0.75) - QuantileOfSorted(sorted, 0.25);
}

std::optional<double> SpearmanRho(std::span<const double> x, std::span<const double> y) {
  FOOTHOLD_CHECK(x.size() == y.size());
  if (x.size() < 2 || !AllFinite(x) || !AllFinite(y)) return std::nullopt;
  const std::vector<double> x_ranks = Ranks(x);
  const std::vector<double> y_ranks = Ranks(y);
  const double middle = static_cast<double>(x.size() + 1) / 2;  // the mean rank, ties or not
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x_ranks[i] - middle;
    const double dy = y_ranks[i] - middle;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);  // rounding may step over the ends
}

std::optional<double> MedianAbsolutePercentageError(std::span<const double> actual,
                                                    std::span<const double> predicted) {
  FOOTHOLD_CHECK(actual.size() == predicted.size());
  std::vector<double> errors;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    errors.push_back(100 * std::abs((predicted[i] - actual[i]) / actual[i]));
  }
  return Median(errors);  // an actual 0 makes an error that is not finite
}

}  // namespace foothold::base
