#pragma once

#include <string>

#include "foothold/env.h"
#include "foothold/status.h"
#include "network/compile/place.h"
#include "network/graph/graph.h"
#include "targets/vta/vta_target.h"

namespace foothold::cli {

/// The fastest correct config that a record log has for each layer of a network on this machine,
/// tuned with any template. Layers are told by their shapes.
Result<network::Schedules> SchedulesFromLog(Env& env, const std::string& path,
                                            const network::Graph& graph,
                                            const vta::VtaMachine& machine);

}  // namespace foothold::cli
