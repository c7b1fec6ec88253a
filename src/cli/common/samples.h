#pragma once

#include <string>
#include <vector>

#include "foothold/env.h"
#include "foothold/status.h"
#include "network/graph/graph.h"

namespace foothold::cli {

/// Inputs of a network from a .npy file, or from all those of a folder in alphabetical order. A
/// file holds one input or several, one for each index of a first axis. Errors name the file and
/// the shape that would be right.
Result<std::vector<network::Tensor>> ReadSamples(Env& env, const std::string& path,
                                                 const network::Graph& graph);
/// The same for inputs of this shape.
Result<std::vector<network::Tensor>> ReadInputs(Env& env, const std::string& path,
                                                const network::Shape& shape);

}  // namespace foothold::cli
