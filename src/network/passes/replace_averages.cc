#include <algorithm>
#include <optional>

#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// Whether no window reaches beyond the padding, and where padding counts or there is none: then
/// each output is the sum over its window times one factor.
bool HasOneDivisor(const AveragePool& pool, const Shape& in, const Shape& out) {
  const Window& w = pool.window;
  const bool pads = w.pad_top + w.pad_left + w.pad_bottom + w.pad_right > 0;
  const auto reach = [](std::int64_t outputs, std::int64_t stride, std::int64_t kernel,
                        std::int64_t dilation) {
    return (outputs - 1) * stride + (kernel - 1) * dilation + 1;
  };
  return (pool.counts_padding || !pads) &&
         reach(out[2], w.stride_h, w.kernel_h, w.dilation_h) <= in[2] + w.pad_top + w.pad_bottom &&
         reach(out[3], w.stride_w, w.kernel_w, w.dilation_w) <= in[3] + w.pad_left + w.pad_right;
}

/// The window that a node averages over; nullopt of nodes that average otherwise, or not at all.
std::optional<Window> AveragedWindow(const Graph& graph, const Node& node) {
  const Shape& in = graph.at(node.inputs[0]).shape;
  const Value& output = graph.at(node.output);
  if (in.size() != 4 || graph.at(node.inputs[0]).type != DataType::kFloat) return std::nullopt;
  if (const auto* mean = std::get_if<Mean>(&node.operation)) {
    if (mean->axes != std::vector<std::int64_t>{2, 3}) return std::nullopt;
    return Window{.kernel_h = in[2], .kernel_w = in[3]};
  }
  if (const auto* pool = std::get_if<AveragePool>(&node.operation)) {
    if (HasOneDivisor(*pool, in, output.shape)) return pool->window;
  }
  return std::nullopt;
}

/// A convolution with this window, one group for each channel, and equal weights.
Node Averaging(Graph& graph, const Node& node, const Window& window) {
  const std::int64_t channels = graph.at(node.inputs[0]).shape[1];
  const Shape shape = {channels, 1, window.kernel_h, window.kernel_w};
  const float weight = 1.0F / static_cast<float>(window.kernel_h * window.kernel_w);
  const ValueId weights =
      graph.Add({node.name + ":weight", DataType::kFloat, shape,
                 Tensor(shape, std::vector<float>(Index(Elements(shape)), weight))});
  return {node.name, Conv{window, channels}, {node.inputs[0], weights, kNone}, node.output};
}

}  // namespace

int ReplaceAverages(Graph& graph) {
  int replaced = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::optional<Window> window = AveragedWindow(graph, graph.nodes[i]);
    if (!window) continue;
    ++replaced;
    graph.nodes[i] = Averaging(graph, graph.nodes[i], *window);
    const Value output = graph.at(graph.nodes[i].output);
    if (output.shape.size() == 4) continue;
    // The mean dropped the axes.
    const Shape& in = graph.at(graph.nodes[i].inputs[0]).shape;
    const ValueId kept = graph.Add({output.name + ":kept", DataType::kFloat, {in[0], in[1], 1, 1}});
    Node reshape = {graph.nodes[i].name + ":axes", Reshape{}, {kept}, graph.nodes[i].output};
    graph.nodes[i].output = kept;
    graph.nodes.insert(graph.nodes.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       std::move(reshape));
  }
  return replaced;
}

}  // namespace foothold::network
