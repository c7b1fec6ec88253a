#include "network/passes/affine.h"
#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// Whether a constant of this shape, added to `out`, is one number for each channel.
bool IsPerChannel(const Shape& shape, const Shape& out, bool channels_last) {
  const std::size_t channel_axis = channels_last ? out.size() - 1 : 1;
  if (shape.size() > out.size() || Elements(shape) != out[channel_axis]) return false;
  const std::size_t missing = out.size() - shape.size();
  return channel_axis >= missing && shape[channel_axis - missing] == out[channel_axis];
}

/// The input of an addition that is such a constant; -1 when neither is.
int ConstantInput(const Graph& graph, const Node& node, const Affine& affine) {
  const bool channels_last = std::holds_alternative<Dense>(affine.node->operation);
  for (int i = 0; i < 2; ++i) {
    const Value& value = *graph.Input(node, static_cast<std::size_t>(i));
    if (value.constant &&
        IsPerChannel(value.shape, graph.at(affine.node->output).shape, channels_last)) {
      return i;
    }
  }
  return -1;
}

}  // namespace

int FoldBias(Graph& graph) {
  std::vector<std::int32_t> folded;
  const auto makers = Makers(graph);
  const auto sole_users = SoleUsers(graph);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto* binary = std::get_if<Binary>(&node.operation);
    if (binary == nullptr || binary->kind != Binary::Kind::kAdd || binary->clamp != Clamp{}) {
      continue;
    }
    for (const ValueId input : node.inputs) {
      const auto affine = AffineBehind(graph, makers, sole_users, input);
      if (!affine || graph.at(node.output).shape != graph.at(input).shape) continue;
      const int constant = ConstantInput(graph, node, *affine);
      if (constant < 0) continue;
      const std::vector<float>& numbers =
          graph.Input(node, static_cast<std::size_t>(constant))->constant->floats();
      const std::vector<double> added(numbers.begin(), numbers.end());
      Transform(graph, *affine, std::vector<double>(affine->channels, 1.0), added);
      affine->node->output = node.output;
      folded.push_back(static_cast<std::int32_t>(i));
      break;
    }
  }
  EraseNodes(graph, folded);
  return static_cast<int>(folded.size());
}

}  // namespace foothold::network
