#include <algorithm>

#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// Whether nothing happens to the sums of the convolution that makes a value but its bias.
bool CanTakeResidual(const Node& node) {
  const auto* conv = std::get_if<Conv>(&node.operation);
  return conv != nullptr && conv->clamp == Clamp{} && node.inputs.size() < 4;
}

}  // namespace

int FuseResidual(Graph& graph) {
  const auto makers = Makers(graph);
  const auto sole_users = SoleUsers(graph);
  std::vector<std::int32_t> fused;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& add = graph.nodes[i];
    const auto* binary = std::get_if<Binary>(&add.operation);
    if (binary == nullptr || binary->kind != Binary::Kind::kAdd) continue;
    if (graph.at(add.inputs[0]).shape != graph.at(add.inputs[1]).shape) continue;
    // Of two convolutions the later one: the other's result is then there already.
    std::int32_t chosen = -1;
    std::size_t residual = 0;
    for (std::size_t input = 0; input < 2; ++input) {
      const auto id = static_cast<std::size_t>(add.inputs[input]);
      const std::int32_t maker = makers[id];
      if (maker < chosen || maker < 0 || sole_users[id] < 0) continue;
      if (!CanTakeResidual(graph.nodes[static_cast<std::size_t>(maker)])) continue;
      chosen = maker;
      residual = 1 - input;
    }
    if (chosen < 0) continue;
    // It moves to the addition's place, where everything it needs has been made.
    Node conv = std::move(graph.nodes[static_cast<std::size_t>(chosen)]);
    conv.inputs.resize(3, kNone);
    conv.inputs.push_back(add.inputs[residual]);
    conv.output = add.output;
    std::get<Conv>(conv.operation).clamp = binary->clamp;
    add = std::move(conv);
    fused.push_back(chosen);
  }
  EraseNodes(graph, fused);
  return static_cast<int>(fused.size());
}

}  // namespace foothold::network
