#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "foothold/env.h"
#include "foothold/measuring.h"
#include "foothold/status.h"
#include "foothold/target.h"

namespace foothold::measure {

/// The correct ones of `measured` that may be the fastest: those whose bounds (BoundsOf) reach down
/// to the bounds of the one with the lowest median, or within `rules.worse_margin` of them, as the
/// device need not have been equally fast when they ran. That one comes first, then the others by
/// median, 16 in all at most. Empty when nothing is correct.
std::vector<std::size_t> LeadersOf(std::span<const Measurement> measured,
                                   const RepeatOptions& rules);

/// Stage of the failure of a candidate that the infrastructure failed for: it says nothing about
/// it.
inline constexpr std::string_view kFinalInfrastructure = "final.infrastructure";

/// Candidates that were run in turns.
struct Comparison {
  struct Candidate {
    std::vector<double> seconds;     ///< one for each round it took part in
    bool tied = true;                ///< cannot be told from the best
    std::optional<Failure> failure;  ///< it failed this time; not tied
  };
  std::vector<Candidate> candidates;  ///< in the order of the configs
  /// The tied one that takes the least, as the median share of its rounds' medians; nullopt when
  /// all failed or there was no time for a round.
  std::optional<std::size_t> best;
};

/// Unties those that are slower than the best of the tied ones: ratios of times of the same round
/// are compared, so what slows down a whole round counts for nothing, and the median of the ratios
/// must be above 1 with confidence 0.99. Sets `best`. Returns whether more rounds are of use: there
/// are two tied ones whose median ratio is not yet known to within `width`. A function of its
/// arguments; REQUIRES: those that are tied took part in the same rounds.
bool Part(Comparison& comparison, double width);

/// Told after each round, warm-ups too, what is known by then.
using OnRound = std::function<void(const Comparison& so_far)>;

/// Builds `configs` and runs them in turns, each round in a new random order drawn by `seed`, until
/// no more rounds are of use (Part), or `rules.final_rounds` or `seconds` are used up. Whoever is
/// untied runs no more, and so does one for which the infrastructure fails. Errors: the others of
/// Build and Run; Cancelled when `should_stop` says so.
Result<Comparison> CompareInTurns(const TargetTask& task, const RunOptions& options,
                                  std::span<const Config> configs, const RepeatOptions& rules,
                                  double seconds, std::uint64_t seed, Env& env,
                                  const std::function<bool()>& should_stop,
                                  const OnRound& on_round);

}  // namespace foothold::measure
