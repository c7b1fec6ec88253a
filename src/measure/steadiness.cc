#include "measure/steadiness.h"

#include "base/statistics.h"

namespace foothold::measure {
namespace {

/// Fewer runs of a program say little about its usual time.
constexpr std::size_t kLeastOfProgram = 3;
constexpr std::size_t kLeastRuns = 10;

}  // namespace

std::optional<Steadiness> SteadinessWatch::Result() const {
  std::vector<double> ratios;  // to the program's own median: programs differ, the device is one
  for (const std::vector<double>& times : times_) {
    if (times.size() < kLeastOfProgram) continue;
    const double median = base::Median(times).value();
    if (median <= 0) continue;
    for (const double seconds : times) ratios.push_back(seconds / median);
  }
  if (ratios.size() < kLeastRuns) return std::nullopt;
  return Steadiness{ratios.size(), base::InterquartileRange(ratios).value(),
                    base::Quantile(ratios, 1).value()};
}

}  // namespace foothold::measure
