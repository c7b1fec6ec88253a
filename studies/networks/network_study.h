#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "network/quantise/quantise.h"
#include "studies/page/page.h"
#include "targets/vta/vta_target.h"

// What networks lose on the VTA: each file of a folder against its family's float network.
namespace foothold::studies {

struct NetworkStudyOptions {
  /// The folder that FOOTHOLD_DATA names: its networks/X.onnx are the networks, and the longest
  /// FAMILY that X begins with and that has a FAMILY.inputs.npy is X's family.
  std::string data;
  std::vector<std::string> networks;  ///< X of those to study; empty: all
  vta::VtaMachine machine;
  network::QuantiseOptions quantise;
  std::size_t inputs = 10'000;  ///< of each family, at most
  std::size_t simulated = 16;   ///< of them also on the simulator of Foothold
  int jobs = 0;                 ///< threads, 0 for one per core
};

/// How often something was so.
struct Count {
  std::size_t yes = 0;
  std::size_t of = 0;

  double share() const { return of == 0 ? 0 : static_cast<double>(yes) / static_cast<double>(of); }
};

/// One network.
struct NetworkFigures {
  std::string name;
  std::string family;
  std::string inputs;       ///< "10000 MNIST test images"
  bool has_ranges = false;  ///< scales from the file's own ranges; else calibrated
  // Of inputs with labels.
  std::optional<Count> float_right;  ///< the family's float network
  std::optional<Count> file_right;   ///< the file as ONNX defines it
  std::optional<Count> vta_right;    ///< the deployed folder
  // Classes.
  Count file_agrees;  ///< the file with the float network
  Count vta_agrees;   ///< the deployed folder with the float network
  // Bytes of the outputs.
  Count folder_equals_executor;
  Count simulator_equals_executor;
  double share_of_macs = 0;       ///< on the VTA
  std::vector<std::string> host;  ///< operations left to the host
  double simulated_ms = 0;
  network::Quality quality;  ///< on the calibration inputs
};

struct NetworkStudy {
  std::string target;
  std::string scales;
  std::vector<NetworkFigures> networks;
};

/// nullopt in the place of the result when `cancelled`. `progress` gets a line.
Result<std::optional<NetworkStudy>> RunNetworkStudy(
    Env& env, const NetworkStudyOptions& options,
    const std::function<void(const std::string&)>& progress,
    const std::function<bool()>& cancelled);

/// The page docs/results/generated/network/.
Page ToPage(const NetworkStudy& study);

}  // namespace foothold::studies
