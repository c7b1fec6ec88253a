#pragma once

#include <vector>

#include "network/compile/compile.h"
#include "network/compile/place.h"

namespace foothold::network {

/// The order in which things are done: as few runs of the device as this order of nodes allows.
struct Plan {
  std::vector<Step> steps;
  /// Of each run: the indices of its nodes, in order.
  std::vector<std::vector<std::size_t>> runs;
};
Plan PlanSteps(const Graph& graph, const std::vector<Placement>& placements,
               const Storages& storages);

}  // namespace foothold::network
