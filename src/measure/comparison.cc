#include "measure/comparison.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/statistics.h"
#include "foothold/rng.h"
#include "measure/repeats.h"

namespace foothold::measure {
namespace {

constexpr std::size_t kMostLeaders = 16;
/// Higher than that of repeats, because it is asked after each round, and for each leader.
constexpr double kPartingConfidence = 0.99;

using Candidate = Comparison::Candidate;

/// The median time of each round, of those that are tied.
std::vector<double> RoundMedians(const std::vector<Candidate>& candidates) {
  std::vector<double> medians;
  while (true) {
    std::vector<double> round;
    for (const Candidate& candidate : candidates) {
      if (!candidate.tied || candidate.seconds.size() <= medians.size()) continue;
      round.push_back(candidate.seconds[medians.size()]);
    }
    if (round.empty()) return medians;
    medians.push_back(base::Median(round).value());
  }
}

/// By the median of the times, each as a share of its round's median.
std::optional<std::size_t> BestOf(const std::vector<Candidate>& candidates) {
  const std::vector<double> rounds = RoundMedians(candidates);
  std::optional<std::size_t> best;
  double least = 0;
  for (std::size_t i = 0; i < candidates.size() && !rounds.empty(); ++i) {
    if (!candidates[i].tied) continue;
    std::vector<double> shares;  // in logarithms: shares of very short times overflow
    for (std::size_t round = 0; round < rounds.size(); ++round) {
      shares.push_back(std::log(candidates[i].seconds[round]) - std::log(rounds[round]));
    }
    const double share = base::Median(shares).value();
    if (best && share >= least) continue;
    best = i;
    least = share;
  }
  return best;
}

/// Of the logarithms of slower / best, round by round.
std::optional<base::Interval> RatioInterval(const Candidate& slower, const Candidate& best) {
  std::vector<double> logarithms;
  for (std::size_t round = 0; round < best.seconds.size(); ++round) {
    logarithms.push_back(std::log(slower.seconds[round]) - std::log(best.seconds[round]));
  }
  return base::MedianInterval(logarithms, kPartingConfidence);
}

/// The rounds of one comparison.
class Rounds {
 public:
  Rounds(const TargetTask& task, const RunOptions& options) : task_(task), options_(options) {}

  Status Build(std::span<const Config> configs);
  /// Runs who is tied once, in the order drawn from `rng`, and keeps the times if `counts`.
  Status RunAll(Rng& rng, bool counts);
  Comparison& comparison() { return comparison_; }
  void SkipVerification() { options_.verify = false; }

 private:
  void Fail(Candidate& candidate, const Failure& failure) {
    candidate.failure = failure;
    candidate.tied = false;
  }
  /// The comparison ends with what is no failure of the infrastructure; that one drops out for whom
  /// there is one, as the others may still run.
  Status FailUnlessOurs(Candidate& candidate, const Status& status) {
    const bool infrastructure =
        status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kIoError;
    if (!infrastructure) return status;
    Fail(candidate, {Outcome::kRuntime, std::string(kFinalInfrastructure), status.message()});
    return {};
  }

  const TargetTask& task_;
  RunOptions options_;
  std::vector<std::unique_ptr<Program>> programs_;
  Comparison comparison_;
};

Status Rounds::Build(std::span<const Config> configs) {
  for (const Config& config : configs) {
    BuildResult built = task_.Build(config);
    Candidate& candidate = comparison_.candidates.emplace_back();
    if (!built.status.ok()) {
      FOOTHOLD_RETURN_IF_ERROR(FailUnlessOurs(candidate, built.status));
    } else if (!built.ok()) {
      Fail(candidate, *built.failure);
    }
    programs_.push_back(std::move(built.program));
  }
  return {};
}

Status Rounds::RunAll(Rng& rng, bool counts) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    if (comparison_.candidates[i].tied) order.push_back(i);
  }
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[rng.Below(left)]);
  }
  for (const std::size_t i : order) {
    const RunResult run = task_.Run(*programs_[i], options_);
    Candidate& candidate = comparison_.candidates[i];
    if (!run.status.ok()) {
      FOOTHOLD_RETURN_IF_ERROR(FailUnlessOurs(candidate, run.status));
    } else if (run.failure) {
      Fail(candidate, *run.failure);
    } else if (run.slower_than_s) {
      candidate.tied = false;
    } else if (counts) {
      candidate.seconds.push_back(base::Median(run.seconds).value());
    }
  }
  return {};
}

}  // namespace

std::vector<std::size_t> LeadersOf(std::span<const Measurement> measured,
                                   const RepeatOptions& rules) {
  std::vector<std::pair<double, std::size_t>> by_median;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (measured[i].outcome() != Outcome::kCorrect) continue;
    by_median.emplace_back(measured[i].MedianSeconds(), i);
  }
  std::sort(by_median.begin(), by_median.end());
  std::vector<std::size_t> leaders;
  double reach = 0;
  for (const auto& [median, i] : by_median) {
    const base::Interval bounds = BoundsOf(measured[i].RunSeconds(), rules);
    if (leaders.empty()) reach = bounds.high * (1 + rules.worse_margin);
    if (bounds.low <= reach && leaders.size() < kMostLeaders) leaders.push_back(i);
  }
  return leaders;
}

bool Part(Comparison& comparison, double width) {
  comparison.best = BestOf(comparison.candidates);
  if (!comparison.best) return false;
  const Candidate& best = comparison.candidates[*comparison.best];
  bool of_use = false;
  for (Candidate& candidate : comparison.candidates) {
    if (!candidate.tied || &candidate == &best) continue;
    const std::optional<base::Interval> ratio = RatioInterval(candidate, best);
    if (ratio && ratio->low > 0) {
      candidate.tied = false;
    } else if (!ratio || ratio->low < -width || ratio->high > width) {
      of_use = true;
    }
  }
  return of_use;
}

Result<Comparison> CompareInTurns(const TargetTask& task, const RunOptions& options,
                                  std::span<const Config> configs, const RepeatOptions& rules,
                                  double seconds, std::uint64_t seed, Env& env,
                                  const std::function<bool()>& should_stop,
                                  const OnRound& on_round) {
  const double start = env.MonotonicSeconds();
  Rng rng(seed);
  Rounds rounds(task, options);
  FOOTHOLD_RETURN_IF_ERROR(rounds.Build(configs));
  bool of_use = true;
  for (int round = -rules.warm_ups; round < rules.final_rounds && of_use; ++round) {
    if (should_stop()) return Status::Cancelled("interrupted while the leaders were compared");
    if (env.MonotonicSeconds() - start >= seconds) break;
    FOOTHOLD_RETURN_IF_ERROR(rounds.RunAll(rng, round >= 0));
    rounds.SkipVerification();
    if (round >= 0) of_use = Part(rounds.comparison(), rules.interval_width);
    on_round(rounds.comparison());
  }
  return std::move(rounds.comparison());
}

}  // namespace foothold::measure
