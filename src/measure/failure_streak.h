#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "foothold/target.h"

namespace foothold::measure {

/// What failures have in common that are alike: stage and reason, numbers aside.
std::string SignatureOf(const Failure& failure);

/// Notices that everything fails in the same way from the beginning: then the set-up is wrong, and
/// the budget would be burnt for nothing. Two failures are alike when stage and reason agree,
/// numbers aside. Not thread-safe.
class FailureStreak {
 public:
  /// `limit` > 0 failures alike, with no other result before or between them, are a diagnosis.
  explicit FailureStreak(std::size_t limit) : limit_(limit) {}

  /// A candidate failed.
  void AddFailure(const Failure& failure);
  /// A candidate was correct: the set-up works, and there will be no diagnosis any more.
  void AddSuccess() { works_ = true; }
  /// What was correct is in doubt: as at the beginning, but `limit` alike are enough if that is
  /// less.
  void Restart(std::size_t limit);

  /// One line, once per streak of `limit`: what all of them failed of.
  std::optional<std::string> TakeDiagnosis();

 private:
  std::size_t limit_;
  bool works_ = false;
  bool in_doubt_ = false;
  std::size_t length_ = 0;
  std::string signature_;
  std::string last_reason_;
};

}  // namespace foothold::measure
