#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "foothold/explanation.h"
#include "foothold/status.h"
#include "network/compile/place.h"
#include "network/compile/storage.h"
#include "network/graph/graph.h"
#include "targets/vta/isa/program.h"
#include "targets/vta/vta_target.h"

// A whole network on a VTA: one instruction stream, and what is left to the host.
namespace foothold::network {

/// What is done one after the other.
struct Step {
  enum class Kind : std::uint8_t {
    kHost,    ///< computes a node
    kPack,    ///< writes a value into its storage, for the VTA
    kDevice,  ///< runs a part of the instruction stream, which ends with FINISH
    kUnpack,  ///< reads a value from its storage
  };
  Kind kind = Kind::kHost;
  /// kHost: the node's index; kDevice: the index in `runs`; else the ValueId.
  std::size_t index = 0;
};

/// A part of the instruction stream.
struct DeviceRun {
  std::size_t first_instruction = 0;
  std::size_t instructions = 0;
  std::int64_t cycles = 0;  ///< on the simulated machine, from launch to FINISH
};

/// A node on the VTA.
struct DeviceNode {
  std::size_t node = 0;
  std::string schedule;  ///< of its first piece
  bool is_tuned = false;
  std::size_t pieces = 1;
  std::size_t first_instruction = 0;
  std::size_t instructions = 0;
  double roofline_seconds = 0;  ///< what no schedule of it can beat (vta::Roofline)
  std::string bound = {};       ///< the work that must shrink first: "GEMM"
  /// From the end of the node before it to its own end.
  std::int64_t cycles = 0;
};

/// A node on the host.
struct HostNode {
  std::size_t node = 0;
  std::string reason;
};

struct CompiledNetwork {
  Graph graph;  ///< quantised for shifts
  vta::VtaMachine machine;
  Storages storages;
  std::vector<Step> steps;
  std::vector<DeviceRun> runs;
  std::vector<DeviceNode> device;  ///< in the order of the instruction stream
  std::vector<HostNode> host;      ///< in the order of the steps
  /// Where the time of all runs goes: cycles, works, units and bounds.
  Explanation explanation;

  /// All runs, one behind the other. Its tensors: inp is what the host packs, out all that the VTA
  /// stores, acc the biases.
  vta::DeviceProgram program;
  std::vector<std::byte> weights;
  std::vector<std::byte> biases;
  std::uint64_t inp_bytes = 0;
  std::uint64_t out_bytes = 0;

  /// Where a value lies. REQUIRES: it is packed or unpacked by a step.
  const Storage& StorageOf(std::size_t value) const {
    return storages.all[*storages.of_value[value]];
  }
  /// From the beginning of the weights to the end of the micro-ops: what the device must address.
  std::uint64_t end_address() const { return program.uop_address + 4 * program.uops.size(); }
  /// On the simulated machine, calls of the driver included.
  double DeviceSeconds() const;
};

/// Compiles a network that QuantiseForShifts made. InvalidArgument when it does not fit the
/// addresses of the VTA. Nothing else makes it fail: what the VTA cannot run is left to the host.
Result<CompiledNetwork> Compile(Graph graph, const vta::VtaMachine& machine,
                                const Schedules& schedules);

}  // namespace foothold::network
