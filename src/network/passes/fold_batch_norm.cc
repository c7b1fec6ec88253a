#include <cmath>

#include "network/passes/affine.h"
#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

bool HasConstants(const Graph& graph, const Node& node) {
  for (std::size_t i = 1; i < 5; ++i) {
    if (!graph.Input(node, i)->constant) return false;
  }
  return true;
}

}  // namespace

int FoldBatchNorm(Graph& graph) {
  const auto makers = Makers(graph);
  const auto sole_users = SoleUsers(graph);
  std::vector<std::int32_t> folded;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto* norm = std::get_if<BatchNorm>(&node.operation);
    if (norm == nullptr || !HasConstants(graph, node)) continue;
    const auto affine = AffineBehind(graph, makers, sole_users, node.inputs[0]);
    if (!affine || graph.at(node.output).shape[1] != static_cast<std::int64_t>(affine->channels)) {
      continue;
    }
    const auto at = [&](std::size_t input, std::size_t c) {
      return double{graph.Input(node, input)->constant->floats()[c]};
    };
    std::vector<double> factors;
    std::vector<double> added;
    for (std::size_t c = 0; c < affine->channels; ++c) {
      const double factor = at(1, c) / std::sqrt(at(4, c) + double{norm->epsilon});
      factors.push_back(factor);
      added.push_back(at(2, c) - at(3, c) * factor);
    }
    Transform(graph, *affine, factors, added);
    affine->node->output = node.output;
    folded.push_back(static_cast<std::int32_t>(i));
  }
  EraseNodes(graph, folded);
  return static_cast<int>(folded.size());
}

}  // namespace foothold::network
