#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common/live_line.h"
#include "cli/common/network_argument.h"
#include "cli/common/schedule.h"
#include "foothold/env.h"
#include "foothold/status.h"
#include "tune/scheduler/tune_network.h"

namespace foothold::cli {

/// The progress of a network: trials of planned, its time so far, how many layers have one, whose
/// turn it is, time taken and left.
std::string ProgressLine(std::span<const CountedWorkload> layers,
                         const tune::NetworkProgress& progress);

/// Tunes the layers of a network with one budget, and shows one line of progress. `request` has all
/// but weights and on_progress. REQUIRES: layers of one network, at least one.
Result<tune::NetworkResult> TuneLayers(std::span<const CountedWorkload> layers,
                                       tune::NetworkRequest request, LiveLine::Mode mode);

/// A layer of a network, as it was and as it is.
struct LayerTime {
  std::string name;
  std::int64_t count = 1;
  std::optional<double> default_s;  ///< with the compiler's own schedule; nullopt: unknown
  std::optional<double> tuned_s;    ///< nullopt: nothing correct was found
};
/// Times of layers, each without tuning and with it, and of all of them as often as the network
/// runs them.
std::string TimesTable(const std::vector<LayerTime>& layers);

/// Seconds of a layer with the schedule that `foothold compile` takes without a log; nullopt where
/// `target` is no VTA, or nothing of the layer fits.
std::optional<double> DefaultSeconds(const Workload& workload, const std::string& target, Env& env);

}  // namespace foothold::cli
