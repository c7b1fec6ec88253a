#pragma once

#include <cstddef>
#include <vector>

#include "network/graph/graph.h"

// Which values of a network must have something in common.
namespace foothold::network {

/// Sets of values, each with one value that stands for it.
class Groups {
 public:
  explicit Groups(std::size_t count);
  /// The value that stands for the set of this one.
  std::size_t Of(std::size_t value);
  void Join(std::size_t a, std::size_t b) { parents_[Of(a)] = Of(b); }

 private:
  std::vector<std::size_t> parents_;
};

/// A convolution or a dense layer.
bool IsLayer(const Node& node);
/// Whether the outputs are some of the inputs' elements.
bool OnlyMoves(const Node& node);
/// The inputs that are activations: all but weights and biases.
std::vector<ValueId> Activations(const Node& node);

/// Values of one scale, because what lies between them only moves elements.
Groups ScaleGroups(const Graph& graph);
/// Values whose scales are a power of two apart, because they are added up or clipped: sets of
/// ScaleGroups.
Groups UnitGroups(const Graph& graph);

}  // namespace foothold::network
