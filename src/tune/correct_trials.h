#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "foothold/target.h"

namespace foothold::tune {

/// The correct trials of a run, and the best of them: the least median time, then the first.
/// Not thread-safe.
class CorrectTrials {
 public:
  /// `keeps_all`: whether others than the best are of use. If not, nothing can be taken out.
  explicit CorrectTrials(bool keeps_all) : keeps_all_(keeps_all) {}

  /// REQUIRES: the measurement is correct; a trial is added once.
  void Add(std::uint64_t trial, const Measurement& measurement);
  /// REQUIRES: it keeps all, and the trial among them. O(trials).
  void Remove(std::uint64_t trial);

  /// nullopt while there is none.
  const std::optional<Measurement>& best() const { return best_; }
  /// In the order of Add; empty where only the best is kept.
  std::span<const Measurement> all() const { return all_; }
  std::uint64_t trial(std::size_t index) const { return trials_[index]; }
  /// The trial of this config, if it is among all(). O(trials).
  std::optional<std::uint64_t> TrialOf(const Config& config) const;
  bool Has(std::uint64_t trial) const;
  /// REQUIRES: it is among all(). O(trials).
  const Measurement& Of(std::uint64_t trial) const { return all_[IndexOf(trial)]; }

 private:
  std::size_t IndexOf(std::uint64_t trial) const;
  void CompareWithBest(std::uint64_t trial, const Measurement& measurement);

  const bool keeps_all_;
  std::vector<Measurement> all_;
  std::vector<std::uint64_t> trials_;  ///< one for each of all_
  std::optional<Measurement> best_;
  std::uint64_t best_trial_ = 0;
};

}  // namespace foothold::tune
