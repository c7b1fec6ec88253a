#include "report/page/failure_counts.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace foothold::report {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "needs 52,480 B of 32,768 B" -> "needs # B of # B".
std::string WithoutNumbers(const std::string& reason) {
  std::string pattern;
  for (std::size_t i = 0; i < reason.size(); ++i) {
    if (!IsDigit(reason[i])) {
      pattern += reason[i];
      continue;
    }
    pattern += '#';
    const auto inside = [&](std::size_t at) {
      const bool joins = reason[at] == ',' || reason[at] == '.';
      return IsDigit(reason[at]) || (joins && at + 1 < reason.size() && IsDigit(reason[at + 1]));
    };
    while (i + 1 < reason.size() && inside(i + 1)) ++i;
  }
  return pattern;
}

class FailureCounter {
 public:
  FailureCount& For(const Failure& failure) {
    const auto& [outcome, stage, reason] = failure;
    const auto [place, is_new] =
        places_.try_emplace({outcome, stage, WithoutNumbers(reason)}, counts_.size());
    if (is_new) counts_.push_back({outcome, stage, reason, 0, 0});
    return counts_[place->second];
  }

  std::vector<FailureCount> Take() {
    std::stable_sort(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.trials, a.builds) > std::tie(b.trials, b.builds);
    });
    return std::move(counts_);
  }

 private:
  std::map<std::tuple<Outcome, std::string, std::string>, std::size_t> places_;
  std::vector<FailureCount> counts_;
};

}  // namespace

std::vector<FailureCount> CountFailures(const std::vector<const RunLog*>& runs) {
  FailureCounter counter;
  for (const RunLog* run : runs) {
    for (const TrialRecord& trial : run->trials) {
      const auto& failure = trial.measurement.failure;
      if (failure) ++counter.For(*failure).trials;
    }
    for (const BuildRecord& build : run->builds) {
      const auto& failure = build.report.failure;
      if (failure) ++counter.For(*failure).builds;
    }
  }
  return counter.Take();
}

}  // namespace foothold::report
