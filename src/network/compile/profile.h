#pragma once

#include "network/compile/compile.h"

namespace foothold::network {

/// Simulates the runs of a network: sets the cycles of runs and nodes, what bounds each node, and
/// where the time of the whole network goes.
void Profile(CompiledNetwork& compiled);

}  // namespace foothold::network
