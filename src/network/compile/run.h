#pragma once

#include <vector>

#include "network/compile/compile.h"
#include "network/execute/execute.h"

namespace foothold::network {

/// What each value holds after a run on the simulated machine: all that the host computes, reads
/// and writes; nullopt for values that stay on the VTA. The simulator must not find fault with the
/// program: that would be a bug of the compiler.
///
/// REQUIRES: one tensor for each input of the graph, of its type and shape.
Results RunOnSimulator(const CompiledNetwork& compiled, const std::vector<Tensor>& inputs);

}  // namespace foothold::network
