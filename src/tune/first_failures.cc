#include "tune/first_failures.h"

#include <algorithm>
#include <vector>

#include "measure/failure_streak.h"

namespace foothold::tune {

void NoteFirstFailure(const Measurement& measurement, TuneResult& result) {
  std::vector<Failure>& failures = result.first_failures;
  if (result.progress.outcomes.contains(Outcome::kCorrect)) return failures.clear();
  if (!measurement.failure || failures.size() == TuneResult::kFirstFailures) return;
  const Failure& failure = *measurement.failure;
  const auto alike = [&](const Failure& other) {
    return other.outcome == failure.outcome &&
           measure::SignatureOf(other) == measure::SignatureOf(failure);
  };
  if (std::none_of(failures.begin(), failures.end(), alike)) failures.push_back(failure);
}

}  // namespace foothold::tune
