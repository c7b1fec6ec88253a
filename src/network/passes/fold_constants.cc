#include <algorithm>

#include "network/execute/execute.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// What repeats or pads a constant would take memory that the file does not, and what multiplies
/// constants may take hours. No network needs either.
bool CostsMuch(const Graph& graph, const Node& node) {
  constexpr std::int64_t kAlwaysFine = 1 << 16;
  constexpr std::int64_t kMostMacs = 1 << 24;
  if (MacCount(graph, node) > kMostMacs) return true;
  std::int64_t inputs = 0;
  for (const ValueId input : node.inputs) {
    if (input != kNone) inputs += Elements(graph.at(input).shape);
  }
  return Elements(graph.at(node.output).shape) > std::max(kAlwaysFine, 2 * inputs);
}

bool HasConstantInputs(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId input) { return input == kNone || graph.at(input).constant; });
}

}  // namespace

int FoldConstants(Graph& graph) {
  int folded = 0;
  std::vector<Node> kept;
  for (Node& node : graph.nodes) {
    if (std::holds_alternative<Dequantize>(node.operation) || !HasConstantInputs(graph, node) ||
        CostsMuch(graph, node)) {
      kept.push_back(std::move(node));
      continue;
    }
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(input == kNone ? nullptr : &*graph.at(input).constant);
    }
    Tensor result = Apply(graph, node, inputs);
    graph.at(node.output).constant = std::move(result);
    ++folded;
  }
  graph.nodes = std::move(kept);
  return folded;
}

}  // namespace foothold::network
