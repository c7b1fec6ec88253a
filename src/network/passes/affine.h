#pragma once

#include <optional>
#include <vector>

#include "network/graph/graph.h"

namespace foothold::network {

/// A convolution or a dense layer whose weight, and bias if any, are constants of floats: what
/// numbers for each output channel can be folded into.
struct Affine {
  Node* node;
  std::size_t channels;
};

/// nullopt when the node that makes `value` is no such layer, or others use the value too, or the
/// layer does something to its sums already.
std::optional<Affine> AffineBehind(Graph& graph, const std::vector<std::int32_t>& makers,
                                   const std::vector<std::int32_t>& sole_users, ValueId value);

/// Multiplies the layer's results by factors[c] and then adds added[c].
void Transform(Graph& graph, const Affine& affine, const std::vector<double>& factors,
               const std::vector<double>& added);

}  // namespace foothold::network
