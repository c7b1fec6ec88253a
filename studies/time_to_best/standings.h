#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "studies/time_to_best/time_to_best.h"

namespace foothold::studies {

/// How an entrant did on one workload. Measurements of a run that did not get there count as the
/// budget.
struct Score {
  double median = 0;         ///< measurements to the goal, over seeds
  double interquartile = 0;  ///< its range over seeds
  double reached = 0;        ///< share of seeds that got there
};
Score ScoreOf(const Entry& entry, std::size_t goal, std::uint64_t budget);

/// How an entrant did in one mode over a network's workloads.
struct Standing {
  std::string entrant;
  Knowledge knowledge = Knowledge::kBlind;
  /// Mean over workloads of (median measurements to the optimum) / (the baseline's in mode blind):
  /// the headline of docs/results/protocol.md#time-to-best. nullopt when the baseline did not take
  /// part.
  std::optional<double> ratio;
  /// The same against the baseline in the same mode (mode compiler: in mode blind, which is the
  /// same to it).
  std::optional<double> ratio_in_mode;
  /// Means over workloads, for each goal.
  std::array<double, kGoals.size()> median{};
  std::array<double, kGoals.size()> interquartile{};
  std::array<double, kGoals.size()> reached{};
  double first_correct = 0;       ///< mean over workloads of the median trial
  double invalid = 0;             ///< mean trials that were not correct, of a whole run
  double invalid_to_optimum = 0;  ///< mean of those until the optimum
  double builds = 0;              ///< mean, without a run, of a whole run
  double minutes = 0;             ///< mean over workloads of the median time to the optimum
  /// Mean over workloads of the median time to each goal, if each build until then cost as much as
  /// a failing trial.
  std::array<double, kGoals.size()> minutes_expensive_builds{};
  double search_ms = 0;  ///< CPU per proposal
};

/// The part of a workload's name before the dot: "deepbench" of "deepbench.C3".
std::string NetworkOf(const std::string& workload);
/// The networks of a competition, in the order in which they come up.
std::vector<std::string> Networks(const Competition& competition);

/// All entrants over the workloads of `network`, in the entries' order.
std::vector<Standing> Standings(const Competition& competition, const std::string& network,
                                const TimeToBestOptions& options);

}  // namespace foothold::studies
