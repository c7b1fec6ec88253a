#pragma once

#include <string>
#include <string_view>

#include "foothold/record.h"
#include "foothold/status.h"
#include "foothold/tuner.h"
#include "measure/fleet/address.h"
#include "tune/tune_with.h"

namespace CLI {
class App;
}  // namespace CLI

namespace foothold::cli {

/// Where `foothold tune` measures.
struct FleetArguments {
  std::string address;     ///< empty: on this machine
  std::string class_name;  ///< empty: the target's name
  std::string device;      ///< one device alone; empty: all of the class
  double patience_s = 60;
};

void AddFleetOptions(CLI::App& app, FleetArguments* arguments);

/// The address with the password of FOOTHOLD_FLEET_PASSWORD, where it has none of its own.
Result<measure::FleetAddress> FleetAddressOf(std::string_view text);

/// Results depend on the class of devices: adds it to what the run depends on.
void AddDependency(const FleetArguments& arguments, RunHeader& header);

/// Makes a run ready to begin, on a fleet's workers where the arguments name one.
Result<tune::ReadyRun> MakeReadyOn(const FleetArguments& arguments, TuneRequest request);

/// Tune, on the same.
Result<TuneResult> TuneOn(const FleetArguments& arguments, TuneRequest request);

}  // namespace foothold::cli
