#include "report/page/trial_sample.h"

#include <algorithm>

namespace foothold::report {
namespace {

std::vector<SampledTrial> AllTrials(const std::vector<const RunLog*>& runs) {
  std::vector<SampledTrial> all;
  for (const RunLog* run : runs) {
    for (const TrialRecord& trial : run->trials) all.push_back({run, &trial});
  }
  return all;
}

// Places in `all` of the `count` fastest correct trials.
std::vector<std::size_t> FastestPlaces(const std::vector<SampledTrial>& all, std::size_t count) {
  std::vector<std::pair<double, std::size_t>> correct;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Measurement& measurement = all[i].trial->measurement;
    if (measurement.outcome() == Outcome::kCorrect) {
      correct.emplace_back(measurement.MedianSeconds(), i);
    }
  }
  std::sort(correct.begin(), correct.end());
  if (correct.size() > count) correct.resize(count);
  std::vector<std::size_t> places;
  for (const auto& [seconds, place] : correct) places.push_back(place);
  return places;
}

}  // namespace

std::vector<SampledTrial> SampleTrials(const std::vector<const RunLog*>& runs, std::size_t limit) {
  const std::vector<SampledTrial> all = AllTrials(runs);
  if (all.size() <= limit) return all;
  std::vector<bool> taken(all.size(), false);
  std::size_t left = limit;
  for (const std::size_t place : FastestPlaces(all, limit / 4)) {
    taken[place] = true;
    --left;
  }
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!taken[i]) others.push_back(i);
  }
  for (std::size_t i = 0; i < left; ++i) taken[others[i * others.size() / left]] = true;
  std::vector<SampledTrial> sample;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (taken[i]) sample.push_back(all[i]);
  }
  return sample;
}

}  // namespace foothold::report
