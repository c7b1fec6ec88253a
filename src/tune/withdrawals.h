#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "foothold/record.h"
#include "foothold/target.h"

namespace foothold::tune {

/// Counts, over all sessions of a run, how often each trial was withdrawn for a cause that may be
/// its config: such a config would end every session at the same place.
class Withdrawals {
 public:
  Withdrawals() = default;
  explicit Withdrawals(const RunLog& run) : causes_(run.withdrawal_causes) {}

  /// kOther counts for nothing.
  void Count(std::uint64_t trial, WithdrawalCause cause);
  /// Whether it was withdrawn before, so that it should run alone: then it is known who it was.
  bool IsSuspect(std::uint64_t trial) const { return causes_.contains(trial); }
  /// Whether to give it up: kMostWithdrawals are reached.
  bool IsGivenUp(std::uint64_t trial) const;
  /// What is recorded then; `last` is what the infrastructure said, empty when that is not known
  /// any more. REQUIRES: IsGivenUp(trial).
  Failure FailureOf(std::uint64_t trial, const std::string& last) const;

 private:
  std::map<std::uint64_t, std::vector<WithdrawalCause>> causes_;
};

/// The same of a build without a run.
Failure GivenUpBuild(const std::string& last);

/// Of a trial for which the infrastructure failed: kOther where another try cannot go better.
WithdrawalCause CauseOfFailed(const Status& status);

/// Of the trials from `first` up to `end`, which were announced and not measured. `cause` is that
/// of the first of them; of all of them, where it is a signal, which may have come from any.
std::vector<WithdrawnRecord> Withdrawn(std::uint64_t first, std::uint64_t end,
                                       WithdrawalCause cause);

}  // namespace foothold::tune
