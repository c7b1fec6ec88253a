#include "network/layers.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace foothold::network {
namespace {

Result<Operator> ToOperator(const Conv& conv, const Shape& in, const Shape& weight) {
  const Window& window = conv.window;
  if (conv.group != 1) {
    return Status::InvalidArgument(fmt::format("group is {}, must be 1", conv.group));
  }
  if (window.dilation_h != 1 || window.dilation_w != 1) {
    return Status::InvalidArgument(
        fmt::format("dilations are {},{}, must be 1", window.dilation_h, window.dilation_w));
  }
  Conv2d workload;
  workload.batch = in[0];
  workload.in_channels = in[1];
  workload.height = in[2];
  workload.width = in[3];
  workload.out_channels = weight[0];
  workload.kernel_h = weight[2];
  workload.kernel_w = weight[3];
  workload.stride_h = window.stride_h;
  workload.stride_w = window.stride_w;
  if (window.pad_top == window.pad_bottom) {
    workload.pad_h = window.pad_top;
  } else {
    workload.height += window.pad_top + window.pad_bottom;
  }
  if (window.pad_left == window.pad_right) {
    workload.pad_w = window.pad_left;
  } else {
    workload.width += window.pad_left + window.pad_right;
  }
  return Operator(workload);
}

Operator ToOperator(const Shape& in, const Shape& out) {
  return foothold::Dense{Elements(in) / in.back(), in.back(), out.back()};
}

void RoundUp(std::int64_t& size, std::int64_t block) { size = (size + block - 1) / block * block; }

void PadTo(const Blocks& blocks, Operator& op) {
  if (auto* conv = std::get_if<Conv2d>(&op)) {
    RoundUp(conv->batch, blocks.batch);
    RoundUp(conv->in_channels, blocks.channels);
    RoundUp(conv->out_channels, blocks.channels);
  } else if (auto* dense = std::get_if<foothold::Dense>(&op)) {
    RoundUp(dense->batch, blocks.batch);
    RoundUp(dense->in_features, blocks.channels);
    RoundUp(dense->out_features, blocks.channels);
  }
}

/// The workload of a convolution or a dense layer, without a name.
Result<Workload> ToWorkload(const Graph& graph, const Node& node, const Blocks& blocks) {
  const Shape& in = graph.at(node.inputs[0]).shape;
  Workload workload;
  if (const auto* conv = std::get_if<Conv>(&node.operation)) {
    FOOTHOLD_ASSIGN_OR_RETURN(workload.op, ToOperator(*conv, in, graph.at(node.inputs[1]).shape));
  } else {
    workload.op = ToOperator(in, graph.at(node.output).shape);
  }
  PadTo(blocks, workload.op);
  workload.requantize.bias = graph.Input(node, 2) != nullptr;
  FOOTHOLD_RETURN_IF_ERROR(Validate(workload));
  return workload;
}

bool IsLayer(const Node& node) {
  return std::holds_alternative<Conv>(node.operation) ||
         std::holds_alternative<Dense>(node.operation);
}

}  // namespace

Layers FindLayers(const Graph& graph, const std::string& network, const Blocks& blocks) {
  Layers layers;
  std::int64_t convolutions = 0;
  std::int64_t dense = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!IsLayer(graph.nodes[i])) continue;
    Result<Workload> workload = ToWorkload(graph, graph.nodes[i], blocks);
    if (!workload.ok()) {
      layers.other.push_back({i, workload.status().message()});
      continue;
    }
    const auto same = std::find_if(
        layers.tunable.begin(), layers.tunable.end(),
        [&](const TunableLayer& layer) { return ComputeTheSame(layer.workload, *workload); });
    if (same != layers.tunable.end()) {
      same->nodes.push_back(i);
      continue;
    }
    const bool is_conv = std::holds_alternative<Conv2d>(workload->op);
    workload->name = is_conv ? fmt::format("{}.C{}", network, ++convolutions)
                             : fmt::format("{}.D{}", network, ++dense);
    layers.tunable.push_back({std::move(workload).value(), {i}});
  }
  return layers;
}

std::string NetworkName(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

}  // namespace foothold::network
