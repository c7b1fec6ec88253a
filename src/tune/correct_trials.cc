#include "tune/correct_trials.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace foothold::tune {

void CorrectTrials::Add(std::uint64_t trial, const Measurement& measurement) {
  FOOTHOLD_CHECK(measurement.outcome() == Outcome::kCorrect);
  if (keeps_all_) {
    all_.push_back(measurement);
    trials_.push_back(trial);
  }
  CompareWithBest(trial, measurement);
}

void CorrectTrials::Remove(std::uint64_t trial) {
  const auto index = static_cast<std::ptrdiff_t>(IndexOf(trial));
  all_.erase(all_.begin() + index);
  trials_.erase(trials_.begin() + index);
  best_.reset();
  for (std::size_t i = 0; i < all_.size(); ++i) CompareWithBest(trials_[i], all_[i]);
}

std::optional<std::uint64_t> CorrectTrials::TrialOf(const Config& config) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const Measurement& m) { return m.config == config; });
  if (found == all_.end()) return std::nullopt;
  return trials_[static_cast<std::size_t>(found - all_.begin())];
}

bool CorrectTrials::Has(std::uint64_t trial) const {
  return std::find(trials_.begin(), trials_.end(), trial) != trials_.end();
}

std::size_t CorrectTrials::IndexOf(std::uint64_t trial) const {
  const auto found = std::find(trials_.begin(), trials_.end(), trial);
  FOOTHOLD_CHECK(found != trials_.end(), "the trial is none of the correct ones");
  return static_cast<std::size_t>(found - trials_.begin());
}

void CorrectTrials::CompareWithBest(std::uint64_t trial, const Measurement& measurement) {
  const std::pair merit(measurement.MedianSeconds(), trial);
  if (best_ && merit >= std::pair(best_->MedianSeconds(), best_trial_)) return;
  best_ = measurement;
  best_trial_ = trial;
}

}  // namespace foothold::tune
