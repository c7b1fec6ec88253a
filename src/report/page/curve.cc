#include "report/page/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace foothold::report {
namespace {

constexpr double kNothingYet = std::numeric_limits<double>::infinity();

double EffortOf(const Improvement& improvement, EffortAxis axis) {
  return axis == EffortAxis::kMeasurements ? static_cast<double>(improvement.measurements)
                                           : improvement.cost_s;
}

double WholeEffort(const RunCurve& curve, EffortAxis axis) {
  return axis == EffortAxis::kMeasurements ? static_cast<double>(curve.measurements)
                                           : curve.costs.total_s();
}

double BestAt(const RunCurve& curve, EffortAxis axis, double x) {
  double best = kNothingYet;
  for (const Improvement& improvement : curve.improvements) {
    if (EffortOf(improvement, axis) > x) break;
    best = improvement.best_s;
  }
  return best;
}

// Linear between order statistics as base/statistics does it, but infinity is a value: a run that
// has found nothing is slower than any other.
std::optional<double> QuantileOf(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const auto above = static_cast<std::size_t>(std::ceil(at));
  if (sorted[above] == kNothingYet) return std::nullopt;
  const double share = at - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

std::vector<double> Places(const std::vector<RunCurve>& curves, EffortAxis axis,
                           std::size_t points) {
  double first = kNothingYet;
  double last = 0;
  for (const RunCurve& curve : curves) {
    last = std::max(last, WholeEffort(curve, axis));
    if (curve.improvements.empty()) continue;
    first = std::min(first, EffortOf(curve.improvements.front(), axis));
  }
  if (first == kNothingYet) return {};
  std::vector<double> places = {first};
  const double ratio = first > 0 ? last / first : 1;
  for (std::size_t i = 1; i < points; ++i) {
    double place =
        first * std::pow(ratio, static_cast<double>(i) / static_cast<double>(points - 1));
    if (axis == EffortAxis::kMeasurements) place = std::round(place);
    if (i + 1 == points) place = last;
    if (place > places.back()) places.push_back(place);
  }
  return places;
}

}  // namespace

RunCurve CurveOf(const RunLog& run) {
  RunCurve curve;
  auto build = run.builds.begin();
  for (const TrialRecord& trial : run.trials) {
    for (; build != run.builds.end() && build->wall_clock <= trial.wall_clock; ++build) {
      curve.costs.search_build_s += build->report.seconds;
    }
    const Measurement& measurement = trial.measurement;
    curve.costs.build_s += measurement.build_seconds;
    curve.costs.run_s += measurement.run_seconds;
    ++curve.measurements;
    if (measurement.outcome() != Outcome::kCorrect) continue;
    const double seconds = measurement.MedianSeconds();
    if (!curve.improvements.empty() && seconds >= curve.improvements.back().best_s) continue;
    curve.improvements.push_back({curve.measurements, curve.costs.total_s(), seconds});
  }
  for (; build != run.builds.end(); ++build) curve.costs.search_build_s += build->report.seconds;
  return curve;
}

Band BandOf(const std::vector<RunCurve>& curves, EffortAxis axis, std::size_t points) {
  Band band;
  band.x = Places(curves, axis, points);
  for (const double x : band.x) {
    std::vector<double> best;
    for (const RunCurve& curve : curves) best.push_back(BestAt(curve, axis, x));
    std::sort(best.begin(), best.end());
    band.low.push_back(QuantileOf(best, 0.25));
    band.median.push_back(QuantileOf(best, 0.5));
    band.high.push_back(QuantileOf(best, 0.75));
  }
  return band;
}

}  // namespace foothold::report
