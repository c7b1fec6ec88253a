#pragma once

#include <vector>

#include "network/compile/compile.h"
#include "network/execute/execute.h"

namespace foothold::network {

/// What a run on the simulated machine leaves behind.
struct SimulatedRun {
  /// What each value holds: all that the host computes, reads and writes; nullopt for values that
  /// stay on the VTA.
  Results values;
  std::vector<std::byte> inp;  ///< the program's tensors in DRAM
  std::vector<std::byte> out;
};

/// The simulator must not find fault with the program: that would be a bug of the compiler.
///
/// REQUIRES: one tensor for each input of the graph, of its type and shape.
SimulatedRun RunOnSimulator(const CompiledNetwork& compiled, const std::vector<Tensor>& inputs);

}  // namespace foothold::network
