#include "network/graph/graph.h"

namespace foothold::network {

ValueId Graph::Add(Value value) {
  values.push_back(std::move(value));
  return static_cast<ValueId>(values.size() - 1);
}

const Value* Graph::Input(const Node& node, std::size_t index) const {
  if (index >= node.inputs.size() || node.inputs[index] == kNone) return nullptr;
  return &at(node.inputs[index]);
}

std::vector<std::int32_t> Makers(const Graph& graph) {
  std::vector<std::int32_t> makers(graph.values.size(), -1);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    makers[Index(graph.nodes[i].output)] = static_cast<std::int32_t>(i);
  }
  return makers;
}

std::vector<std::int32_t> UseCounts(const Graph& graph) {
  std::vector<std::int32_t> counts(graph.values.size(), 0);
  for (const Node& node : graph.nodes) {
    for (const ValueId input : node.inputs) {
      if (input != kNone) ++counts[Index(input)];
    }
  }
  for (const ValueId output : graph.outputs) ++counts[Index(output)];
  return counts;
}

std::vector<std::int32_t> SoleUsers(const Graph& graph) {
  const std::vector<std::int32_t> counts = UseCounts(graph);
  std::vector<std::int32_t> users(graph.values.size(), -1);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const ValueId input : graph.nodes[i].inputs) {
      if (input != kNone && counts[Index(input)] == 1) {
        users[Index(input)] = static_cast<std::int32_t>(i);
      }
    }
  }
  // An output of the graph is used by more than a node.
  for (const ValueId output : graph.outputs) users[Index(output)] = -1;
  return users;
}

std::int64_t MacCount(const Graph& graph, const Node& node) {
  const std::int64_t outputs = Elements(graph.at(node.output).shape);
  if (std::holds_alternative<Conv>(node.operation)) {
    const Shape& weight = graph.at(node.inputs[1]).shape;
    return outputs * weight[1] * weight[2] * weight[3];
  }
  if (std::holds_alternative<Dense>(node.operation)) {
    return outputs * graph.at(node.inputs[0]).shape.back();
  }
  return 0;
}

std::int64_t ParameterCount(const Graph& graph, const std::vector<std::int32_t>& makers,
                            const Node& node) {
  const bool has_parameters = std::holds_alternative<Conv>(node.operation) ||
                              std::holds_alternative<Dense>(node.operation) ||
                              std::holds_alternative<BatchNorm>(node.operation);
  if (!has_parameters) return 0;
  std::int64_t count = 0;
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    const Value* value = graph.Input(node, i);
    if (value == nullptr) continue;
    const std::int32_t maker = makers[Index(node.inputs[i])];
    if (maker >= 0) {
      const Node& above = graph.nodes[static_cast<std::size_t>(maker)];
      if (!std::holds_alternative<Dequantize>(above.operation)) continue;
      value = graph.Input(above, 0);
    }
    if (value->constant) count += Elements(value->shape);
  }
  return count;
}

}  // namespace foothold::network
