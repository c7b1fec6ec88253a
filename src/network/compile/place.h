#pragma once

#include <map>
#include <string>
#include <vector>

#include "network/compile/lower.h"
#include "network/compile/schedules.h"
#include "network/graph/graph.h"
#include "targets/vta/vta_target.h"

namespace foothold::network {

/// Schedules by the name of the value that a convolution or a dense layer makes.
using Schedules = std::map<std::string, vta::ExtendedSchedule>;

/// A piece and how it is scheduled; a max-pool schedules itself.
struct ScheduledPiece {
  Piece piece;
  vta::ExtendedSchedule schedule;
  bool is_tuned = false;
};

/// Where a node runs.
struct Placement {
  bool is_on_device = false;
  std::vector<ScheduledPiece> pieces;  ///< on the device; none for a reshape that moves nothing
  std::string reason;                  ///< on the host: why
};

/// Where each node runs, in the order of the graph. What the VTA can run runs there.
std::vector<Placement> Place(const Graph& graph, const vta::VtaMachine& machine,
                             const Schedules& schedules, Lowering& lowering);

}  // namespace foothold::network
