#pragma once

#include <optional>
#include <vector>

#include "network/graph/graph.h"

// The reference executor: plain loops that say what a network computes. It is the oracle of
// everything that runs networks, and slow.
//
// Floats are summed in double and rounded to float once for each output. A node whose output has a
// quantisation is computed as docs/concepts/network.md defines it: convolutions and dense layers
// by sums of integers, everything else as dequantise, operation, quantise.
namespace foothold::network {

/// What each value holds, by ValueId; nullopt for what was not computed.
using Results = std::vector<std::optional<Tensor>>;

/// All values. REQUIRES: one tensor for each of graph.inputs, of its type and shape.
Results ExecuteAll(const Graph& graph, const std::vector<Tensor>& inputs);

/// The outputs alone; forgets values when they are no longer needed. REQUIRES: as above.
std::vector<Tensor> Execute(const Graph& graph, const std::vector<Tensor>& inputs);

/// The output of one node. REQUIRES: inputs[i] is what node.inputs[i] holds, null for kNone.
Tensor Apply(const Graph& graph, const Node& node, const std::vector<const Tensor*>& inputs);

}  // namespace foothold::network
