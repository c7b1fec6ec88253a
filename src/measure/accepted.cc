#include "measure/accepted.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/statistics.h"

namespace foothold::measure {

double Accepted::MedianSeconds() const { return base::Median(run_seconds).value(); }

bool AcceptedCandidates::Add(Accepted candidate) {
  FOOTHOLD_CHECK(candidate.program != nullptr && !candidate.run_seconds.empty());
  const double seconds = candidate.MedianSeconds();
  const auto place = std::find_if(fastest_.begin(), fastest_.end(), [&](const Accepted& other) {
    return seconds < other.MedianSeconds();
  });
  const bool is_best = place == fastest_.begin();
  fastest_.insert(place, std::move(candidate));
  if (fastest_.size() > kMost) fastest_.pop_back();
  return is_best;
}

void AcceptedCandidates::Remove(const Program* program) {
  std::erase_if(fastest_, [&](const Accepted& a) { return a.program.get() == program; });
}

void AcceptedCandidates::CountRun(const Program* program) {
  for (Accepted& accepted : fastest_) {
    if (accepted.program.get() == program) ++accepted.correct_runs;
  }
}

void AcceptedCandidates::Replace(const Program* stale, std::shared_ptr<const Program> fresh) {
  for (Accepted& accepted : fastest_) {
    if (accepted.program.get() == stale) accepted.program = fresh;
  }
}

}  // namespace foothold::measure
