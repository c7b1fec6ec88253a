#include "network/quantise/scale_groups.h"

#include <numeric>

#include "network/quantise/exponents.h"

namespace foothold::network {
namespace {

template <typename Joins>
Groups GroupsOf(const Graph& graph, const Joins& joins) {
  Groups groups(graph.values.size());
  for (const Node& node : graph.nodes) {
    if (!RunsOnIntegers(graph, node)) continue;
    for (const ValueId input : joins(node)) groups.Join(Index(input), Index(node.output));
  }
  return groups;
}

}  // namespace

Groups::Groups(std::size_t count) : parents_(count) {
  std::iota(parents_.begin(), parents_.end(), 0);
}

std::size_t Groups::Of(std::size_t value) {
  while (parents_[value] != value) value = parents_[value] = parents_[parents_[value]];
  return value;
}

bool IsLayer(const Node& node) {
  return std::holds_alternative<Conv>(node.operation) ||
         std::holds_alternative<Dense>(node.operation);
}

bool OnlyMoves(const Node& node) {
  return std::holds_alternative<MaxPool>(node.operation) ||
         std::holds_alternative<Reshape>(node.operation) ||
         std::holds_alternative<Transpose>(node.operation) ||
         std::holds_alternative<Concat>(node.operation) ||
         std::holds_alternative<Resize>(node.operation);
}

std::vector<ValueId> Activations(const Node& node) {
  if (!IsLayer(node)) return node.inputs;
  std::vector<ValueId> activations = {node.inputs[0]};
  if (node.inputs.size() > 3) activations.push_back(node.inputs[3]);
  return activations;
}

Groups ScaleGroups(const Graph& graph) {
  return GroupsOf(graph, [](const Node& node) {
    return OnlyMoves(node) ? node.inputs : std::vector<ValueId>();
  });
}

Groups UnitGroups(const Graph& graph) {
  return GroupsOf(graph, [](const Node& node) {
    std::vector<ValueId> inputs = Activations(node);
    // A layer's weights make up for any ratio to what they are multiplied with.
    if (IsLayer(node)) inputs.erase(inputs.begin());
    return inputs;
  });
}

}  // namespace foothold::network
