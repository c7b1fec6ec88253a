#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "studies/page/page.h"
#include "studies/runs/run_all.h"
#include "studies/time_to_best/benchmark.h"
#include "studies/time_to_best/entrants.h"
#include "studies/time_to_best/search_run.h"

namespace foothold::studies {

/// How near a run came to the optimum, the greatest speed of any config of the space.
struct Goal {
  std::string_view name;
  double tolerance = 0;  ///< reached by a config whose time is at most (1 + tolerance) * optimum
};
inline constexpr std::array<Goal, 3> kGoals = {
    {{"optimum", 0}, {"within 1 %", 0.01}, {"within 5 %", 0.05}}};

/// Where the curves are sampled: after so many measurements, and so many seconds of tuning.
std::vector<double> MeasurementCheckpoints(std::uint64_t budget);
std::vector<double> SecondsCheckpoints();

/// How well P(valid) was predicted, over trials (Brier 1950; Murphy 1973).
struct ValidityCalibration {
  static constexpr std::size_t kBins = 5;
  struct Bin {
    std::uint64_t trials = 0;
    std::uint64_t valid = 0;
  };
  std::array<Bin, kBins> bins{};  ///< of equal width, by the probability predicted
  double squares = 0;             ///< of the errors, summed up

  void Add(double probability, bool valid);
  void Add(const ValidityCalibration& other);
  std::uint64_t trials() const;
  /// Mean square error. REQUIRES: trials() > 0.
  double Brier() const { return squares / static_cast<double>(trials()); }
  /// The same for who knows nothing but the share of valid trials.
  double BrierOfTheShare() const;
};

/// What is kept of one run.
struct RunSummary {
  /// Of each goal: measurements until it was reached, 0 when it was not.
  std::array<std::uint64_t, kGoals.size()> measured{};
  /// Seconds of tuning until then; the whole run's when it was not reached.
  std::array<double, kGoals.size()> seconds{};
  std::uint64_t first_correct = 0;       ///< the trial, from 1; 0: none
  std::uint64_t trials = 0;              ///< the budget, or the whole space
  std::uint64_t invalid = 0;             ///< trials that were not correct, of all
  std::uint64_t invalid_to_optimum = 0;  ///< of those until the optimum; all when not reached
  std::uint64_t builds = 0;              ///< without a run, of all
  /// Builds without a run until each goal was reached; all when it was not.
  std::array<std::uint64_t, kGoals.size()> builds_to{};
  double search_s = 0;                      ///< CPU seconds of the searcher
  ValidityCalibration calibration;          ///< of the trials whose validity was predicted
  std::uint64_t concluded = 0;              ///< trials when the searcher had enough; 0: never
  double speed_when_concluded = 0;          ///< optimum / best then
  std::vector<float> speed_by_measurement;  ///< optimum / best so far, at each checkpoint; 0: none
  std::vector<float> speed_by_seconds;      ///< likewise
};

RunSummary Summarise(const SearchRun& run, double optimum, std::uint64_t budget);

/// All runs of one entrant in one mode on one workload.
struct Entry {
  std::string entrant;
  Knowledge knowledge = Knowledge::kBlind;
  std::vector<RunSummary> runs;  ///< by seed
};

/// One workload's space, and what each entrant did there.
struct Field {
  std::string workload;
  std::uint64_t configs = 0;
  std::uint64_t valid = 0;                          ///< correct ones
  double best_seconds = 0;                          ///< the optimum
  std::array<std::uint64_t, kGoals.size()> good{};  ///< configs that reach each goal
  double build_s = 0;                               ///< of one build
  std::vector<Entry> entries;  ///< in the entrants' order, mode by mode; the same in each field
};

/// One target's spaces.
struct Competition {
  std::string target;
  std::vector<Field> fields;
};

struct TimeToBestOptions {
  std::uint64_t seeds = 20;
  std::uint64_t first_seed = 1;
  std::uint64_t budget = 750;  ///< measurements of a run
  std::size_t batch_size = 8;
  int jobs = 0;  ///< threads; 0: one per core. Never changes what is measured
  StageCosts costs;
};

/// The experiment of docs/results/protocol.md#time-to-best.
struct TimeToBest {
  TimeToBestOptions options;
  std::vector<Competition> competitions;
};

/// Runs each entrant, in each of its modes, with each seed, on each space. `on_run` is
/// told of each. What is measured is a function of
/// benchmarks, entrants, seeds, budget and batch size; seconds are this machine's. Stops early when
/// `interrupt` turns true: nullopt then. REQUIRES: seeds, budget and batch_size > 0.
Result<std::optional<TimeToBest>> RunTimeToBest(const std::vector<Benchmark>& benchmarks,
                                                const std::vector<Entrant>& entrants,
                                                const TimeToBestOptions& options,
                                                const OnRun& on_run,
                                                const std::atomic<bool>& interrupt);

/// The page docs/results/generated/time-to-best/time-to-best.md.
Page ToPage(const TimeToBest& result);

}  // namespace foothold::studies
