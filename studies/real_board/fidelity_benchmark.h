#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foothold/status.h"
#include "studies/page/page.h"
#include "studies/real_board/board_trials.h"
#include "targets/vta/simulator/simulator.h"
#include "targets/vta/vta_target.h"

namespace foothold::studies {

/// How AutoTVM measured the trials, which decides what a time-out means.
struct MeasuringProtocol {
  double calls_per_trial = 16;  ///< one warm-up and 3 repeats of 5 calls
  double overhead_s = 3.3;      ///< of a trial that runs, beyond its calls
  double timeout_s = 60;        ///< of a trial
};

/// What became of a trial, on the board or in the prediction.
enum class TrialFate { kOk = 0, kCompile = 1, kRuntime = 2, kTimeout = 3 };
inline constexpr std::size_t kTrialFates = 4;

/// What the board made of a trial.
TrialFate RecordedFate(const BoardTrial& trial, const MeasuringProtocol& protocol);

/// What a simulated board makes of one.
struct TrialPrediction {
  TrialFate fate = TrialFate::kOk;
  double seconds = 0;  ///< per call; 0 unless it runs
};
/// InvalidArgument when the machine cannot take the workload. REQUIRES: `simulator` is of
/// `machine`.
Result<TrialPrediction> PredictTrial(const vta::VtaMachine& machine, vta::Simulator& simulator,
                                     const BoardTrial& trial, const MeasuringProtocol& protocol);

/// docs/results/protocol.md#a-real-board: the simulated board against a real one, on trials that
/// nothing was fitted to.
struct Fidelity {
  struct Layer {
    std::string name;
    std::vector<double> measured;  ///< seconds, of the trials that ran there and here
    std::vector<double> predicted;
    std::optional<double> rho;  ///< Spearman's; none with fewer than two different times
    double median_error = 0;    ///< of |predicted - measured| / measured
    double ninetieth_error = 0;
  };
  std::string target;
  std::array<std::array<std::uint64_t, kTrialFates>, kTrialFates>
      confusion{};            ///< [recorded][predicted]
  std::vector<Layer> layers;  ///< in order of appearance
  Layer overall;
};

/// InvalidArgument when the machine cannot take a workload, or no trial can be compared.
Result<Fidelity> MeasureFidelity(const vta::VtaMachine& machine,
                                 const std::vector<BoardTrial>& trials,
                                 const MeasuringProtocol& protocol);

/// Its tables, and a scatter plot of predicted against measured times.
Page ToPage(const Fidelity& fidelity);

}  // namespace foothold::studies
