#include <algorithm>

#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// The clamp of an operation that has one; nullptr for others.
Clamp* ClampOf(Operation& operation) {
  if (auto* conv = std::get_if<Conv>(&operation)) return &conv->clamp;
  if (auto* dense = std::get_if<Dense>(&operation)) return &dense->clamp;
  if (auto* binary = std::get_if<Binary>(&operation)) return &binary->clamp;
  return nullptr;
}

/// First `inner`, then `outer`.
Clamp Composed(const Clamp& inner, const Clamp& outer) {
  return {std::clamp(inner.low, outer.low, outer.high),
          std::clamp(inner.high, outer.low, outer.high)};
}

}  // namespace

int FuseClip(Graph& graph) {
  const auto makers = Makers(graph);
  const auto sole_users = SoleUsers(graph);
  std::vector<std::int32_t> fused;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto* clip = std::get_if<Clip>(&node.operation);
    if (clip == nullptr) continue;
    const auto input = static_cast<std::size_t>(node.inputs[0]);
    if (makers[input] < 0 || sole_users[input] < 0) continue;
    Node& maker = graph.nodes[static_cast<std::size_t>(makers[input])];
    Clamp* clamp = ClampOf(maker.operation);
    if (clamp == nullptr) continue;
    *clamp = Composed(*clamp, clip->clamp);
    maker.output = node.output;
    fused.push_back(static_cast<std::int32_t>(i));
  }
  EraseNodes(graph, fused);
  return static_cast<int>(fused.size());
}

}  // namespace foothold::network
