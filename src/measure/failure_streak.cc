#include "measure/failure_streak.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace foothold::measure {

std::string SignatureOf(const Failure& failure) {
  std::string text = ToString(failure);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  text.erase(std::remove_if(text.begin(), text.end(), is_digit), text.end());
  return text;
}

void FailureStreak::AddFailure(const Failure& failure) {
  std::string signature = SignatureOf(failure);
  if (signature != signature_) length_ = 0;
  ++length_;
  signature_ = std::move(signature);
  last_reason_ = ToString(failure);
}

void FailureStreak::Restart(std::size_t limit) {
  limit_ = std::min(limit_, limit);
  works_ = false;
  in_doubt_ = true;
  length_ = 0;
}

std::optional<std::string> FailureStreak::TakeDiagnosis() {
  if (works_ || length_ < limit_) return std::nullopt;
  const std::size_t length = std::exchange(length_, 0);
  return fmt::format(
      "the last {} candidates failed alike, and none has been correct{} ({}); if that is how this "
      "space is, the same command resumes",
      length, in_doubt_ ? " since the best one so far stopped working" : "", last_reason_);
}

}  // namespace foothold::measure
