#pragma once

#include <cstdint>
#include <vector>

#include "foothold/status.h"
#include "network/graph/graph.h"
#include "network/quantise/histogram.h"
#include "network/quantise/quantise.h"

namespace foothold::network {

/// Which of a graph's values become int8, each with a scale of unit * 2^exponent.
struct Exponents {
  /// Of each value of the float graph. Meaningful where is_integer.
  std::vector<int> of_value;
  std::vector<float> units;
  std::vector<bool> is_integer;
  /// Of each node: the exponent of its weight's scale, in its output's unit over its input's.
  /// Meaningful for layers.
  std::vector<int> of_weight;
};

/// Whether the node can run over int8 with shifts alone.
bool RunsOnIntegers(const Graph& graph, const Node& node);

/// Chooses the scales with the smallest squared error over the samples: each exponent is one of the
/// smallest that holds every number and the three below it. Without samples every size up to the
/// value's clamp is taken to be equally frequent. A layer's scales always leave a shift to the
/// right of at least 0.
///
/// InvalidArgument naming a value that has no clamp, when there are no samples.
Result<Exponents> ChooseExponents(const Graph& graph, const std::vector<Tensor>& samples,
                                  Scales scales);

/// The exponent of the scale unit * 2^exponent that loses least on these numbers.
int BestExponent(const Histogram& histogram, double unit);

}  // namespace foothold::network
