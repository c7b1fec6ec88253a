#include "tune/withdrawals.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"

namespace foothold::tune {
namespace {

constexpr const char* kStage = "tuner";

std::string InfrastructureFailed(std::size_t times, const std::string& last) {
  std::string reason =
      fmt::format("given up: the infrastructure failed {} times for this config", times);
  if (!last.empty()) reason += ", last: " + last;
  return reason;
}

}  // namespace

void Withdrawals::Count(std::uint64_t trial, WithdrawalCause cause) {
  if (cause != WithdrawalCause::kOther) causes_[trial].push_back(cause);
}

bool Withdrawals::IsGivenUp(std::uint64_t trial) const {
  const auto found = causes_.find(trial);
  return found != causes_.end() && found->second.size() >= kMostWithdrawals;
}

Failure Withdrawals::FailureOf(std::uint64_t trial, const std::string& last) const {
  FOOTHOLD_CHECK(IsGivenUp(trial));
  const std::vector<WithdrawalCause>& causes = causes_.at(trial);
  std::string reason = InfrastructureFailed(causes.size(), last);
  if (causes.back() == WithdrawalCause::kSignal) {
    reason = fmt::format(
        "given up: {} sessions ended while this config ran, the last one by a signal whose sender "
        "was gone, as a candidate is that ends the tuner",
        causes.size());
  }
  return {Outcome::kRuntime, kStage, std::move(reason)};
}

Failure GivenUpBuild(const std::string& last) {
  return {Outcome::kCompile, kStage, InfrastructureFailed(kMostWithdrawals, last)};
}

WithdrawalCause CauseOfFailed(const Status& status) {
  const bool may_go_better =
      status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kIoError;
  return may_go_better ? WithdrawalCause::kInfrastructure : WithdrawalCause::kOther;
}

std::vector<WithdrawnRecord> Withdrawn(std::uint64_t first, std::uint64_t end,
                                       WithdrawalCause cause) {
  std::vector<WithdrawnRecord> records;
  for (std::uint64_t trial = first; trial < end; ++trial) {
    const bool is_suspect = records.empty() || cause == WithdrawalCause::kSignal;
    records.push_back({trial, is_suspect ? cause : WithdrawalCause::kOther});
  }
  return records;
}

}  // namespace foothold::tune
