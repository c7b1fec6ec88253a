#include <utility>

#include "network/execute/execute.h"
#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// The real numbers of the smallest and largest integer of a Quantize with one scale; nullopt of
/// others.
std::optional<Clamp> RangeOf(const Graph& graph, const Node& quantize) {
  const Value& scale = *graph.Input(quantize, 1);
  const DataType type = graph.at(quantize.output).type;
  if (!scale.constant || scale.constant->size() != 1 || !IsQuantised(type)) return std::nullopt;
  const Value* zero_point = graph.Input(quantize, 2);
  const auto zero =
      static_cast<float>(zero_point == nullptr ? 0 : zero_point->constant->IntegerAt(0));
  const float step = scale.constant->floats()[0];
  const float low = type == DataType::kInt8 ? -128.0F : 0.0F;
  const float high = type == DataType::kInt8 ? 127.0F : 255.0F;
  return Clamp{(low - zero) * step, (high - zero) * step};
}

/// A constant's Dequantize, computed; false when it is not one.
bool MakeConstant(Graph& graph, const Node& node) {
  std::vector<const Tensor*> inputs;
  for (const ValueId input : node.inputs) {
    if (input != kNone && !graph.at(input).constant) return false;
    inputs.push_back(input == kNone ? nullptr : &*graph.at(input).constant);
  }
  graph.at(node.output).constant = Apply(graph, node, inputs);
  return true;
}

bool IsQuantizeWithOneScale(const Graph& graph, const Node& node) {
  return std::holds_alternative<Quantize>(node.operation) && RangeOf(graph, node).has_value();
}

/// Operations that give the same elements, quantised or not.
bool OnlyMoves(const Node& node) {
  return std::holds_alternative<MaxPool>(node.operation) ||
         std::holds_alternative<Reshape>(node.operation) ||
         std::holds_alternative<Transpose>(node.operation) ||
         std::holds_alternative<Resize>(node.operation);
}

/// QOperator files move integers: a node that does becomes Dequantize, the node, Quantize.
void MoveRealNumbers(Graph& graph) {
  std::vector<Node> nodes;
  std::vector<std::int32_t> makers(graph.values.size(), -1);
  const auto add = [&](Node node) {
    makers.resize(graph.values.size(), -1);
    makers[Index(node.output)] = static_cast<std::int32_t>(nodes.size());
    nodes.push_back(std::move(node));
  };
  for (Node& node : graph.nodes) {
    const std::int32_t maker = OnlyMoves(node) ? makers[Index(node.inputs[0])] : -1;
    const bool is_moved = maker >= 0 && IsQuantizeWithOneScale(graph, nodes[Index(maker)]);
    if (!is_moved) {
      add(std::move(node));
      continue;
    }
    const Node quantize = nodes[Index(maker)];
    const ValueId scale = quantize.inputs[1];
    const ValueId zero = quantize.inputs.size() > 2 ? quantize.inputs[2] : kNone;
    const Value output = graph.at(node.output);
    const ValueId in =
        graph.Add({output.name + ":in", DataType::kFloat, graph.at(node.inputs[0]).shape});
    const ValueId out = graph.Add({output.name + ":out", DataType::kFloat, output.shape});
    add({node.name + ":dequantize", Dequantize{}, {node.inputs[0], scale, zero}, in});
    add({node.name, node.operation, {in}, out});
    add({node.name + ":quantize", Quantize{}, {out, scale, zero}, node.output});
  }
  graph.nodes = std::move(nodes);
}

}  // namespace

int ReplaceQuantisation(Graph& graph) {
  MoveRealNumbers(graph);
  const auto makers = Makers(graph);
  std::vector<std::int32_t> constants;
  int replaced = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (!std::holds_alternative<Dequantize>(node.operation)) continue;
    if (MakeConstant(graph, node)) {
      constants.push_back(static_cast<std::int32_t>(i));
      continue;
    }
    const std::int32_t maker = makers[static_cast<std::size_t>(node.inputs[0])];
    if (maker < 0) continue;
    const Node& quantize = graph.nodes[static_cast<std::size_t>(maker)];
    if (!std::holds_alternative<Quantize>(quantize.operation)) continue;
    const auto range = RangeOf(graph, quantize);
    if (!range) continue;
    node.operation = Clip{*range};
    node.inputs = {quantize.inputs[0]};
    ++replaced;
  }
  replaced += static_cast<int>(constants.size());
  EraseNodes(graph, constants);
  return replaced;
}

}  // namespace foothold::network
