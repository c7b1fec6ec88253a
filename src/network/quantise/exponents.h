#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "foothold/status.h"
#include "network/graph/graph.h"

namespace foothold::network {

/// Which of a graph's values become int8, each with a scale of two to a whole power.
struct Exponents {
  /// Of each value of the float graph: the exponent of its scale. Meaningful where is_integer.
  std::vector<int> of_value;
  std::vector<bool> is_integer;
  /// Of each node: the exponent of its weight's scale. Meaningful for layers.
  std::vector<int> of_weight;
};

/// Whether the node can run over int8 with shifts alone.
bool RunsOnIntegers(const Graph& graph, const Node& node);

/// Chooses the scales: the power of two with the smallest squared error over the samples, among the
/// smallest that holds every number and the three below it. Without samples the smallest that holds
/// the value's clamp. A layer's scales always leave a shift to the right of at least 0.
///
/// InvalidArgument naming a value that has no clamp, when there are no samples.
Result<Exponents> ChooseExponents(const Graph& graph, const std::vector<Tensor>& samples);

/// The exponent of a weight's scale, chosen likewise.
int WeightExponent(std::span<const float> weights);

}  // namespace foothold::network
