#include "tests/faithfulness/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace foothold {
namespace {

double TwoSidedP(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double CountIf(std::span<const double> values, auto predicate) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), predicate));
}

std::vector<double> Joined(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

}  // namespace

double MannWhitneyP(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> all = Joined(a, b);
  double u = 0;
  for (const double value : a) {
    u += CountIf(b, [&](double other) { return other < value; });
    u += CountIf(b, [&](double other) { return other == value; }) / 2;
  }
  double ties = 0;
  for (const double value : std::set<double>(all.begin(), all.end())) {
    const double equal = CountIf(all, [&](double other) { return other == value; });
    ties += equal * equal * equal - equal;
  }
  const double n = static_cast<double>(a.size());
  const double m = static_cast<double>(b.size());
  const double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  return TwoSidedP((u - n * m / 2) / std::sqrt(variance));
}

double LogRankP(std::span<const double> a, std::span<const double> b, double limit) {
  const std::vector<double> all = Joined(a, b);
  double observed = 0;
  double expected = 0;
  double variance = 0;
  for (const double time : std::set<double>(all.begin(), all.end())) {
    if (time >= limit) break;
    const auto at_risk = [&](double value) { return value >= time; };
    const auto ends = [&](double value) { return value == time; };
    const double n = CountIf(all, at_risk);
    const double ended = CountIf(all, ends);
    const double share = CountIf(a, at_risk) / n;
    observed += CountIf(a, ends);
    expected += ended * share;
    if (n > 1) variance += ended * share * (1 - share) * (n - ended) / (n - 1);
  }
  return TwoSidedP((observed - expected) / std::sqrt(variance));
}

}  // namespace foothold
