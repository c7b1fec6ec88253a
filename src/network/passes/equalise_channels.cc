#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "network/passes/passes.h"

namespace foothold::network {
namespace {

constexpr int kSweeps = 20;
/// A channel is not made larger or smaller than this in one sweep, whatever its weights are.
constexpr double kMostFactor = 16;

/// The weight of a layer by its input channels, or by its output channels.
struct Side {
  std::size_t node = 0;
  bool is_input = false;
};

std::int64_t ChannelsOf(const Shape& shape) { return shape.size() < 2 ? 0 : shape[1]; }

bool IsDepthwise(const Graph& graph, const Node& node, const Conv& conv) {
  return conv.group > 1 && conv.group == graph.Input(node, 1)->shape[0] &&
         graph.Input(node, 1)->shape[1] == 1;
}

/// Only a bound of 0 stays where it is when channels get factors.
bool KeepsFactors(const Clamp& clamp) {
  return (clamp.low == 0 || std::isinf(clamp.low)) && std::isinf(clamp.high);
}

/// Values whose channels must have the same factors, and the layers that make and use them.
class Equaliser {
 public:
  explicit Equaliser(Graph& graph)
      : graph_(graph),
        parents_(graph.values.size()),
        is_fixed_(graph.values.size(), false),
        uses_(UseCounts(graph)) {
    std::iota(parents_.begin(), parents_.end(), 0);
    for (const ValueId input : graph.inputs) is_fixed_[Index(input)] = true;
    for (const ValueId output : graph.outputs) is_fixed_[Index(output)] = true;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) Visit(i);
    for (std::size_t value = 0; value < parents_.size(); ++value) {
      if (is_fixed_[value]) is_fixed_[Of(value)] = true;
    }
  }

  int Run() {
    std::vector<std::vector<Side>> sides(parents_.size());
    for (const auto& [value, side] : sides_) sides[Of(value)].push_back(side);
    int equalised = 0;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      equalised = 0;
      for (std::size_t group = 0; group < sides.size(); ++group) {
        if (is_fixed_[group] || sides[group].empty()) continue;
        equalised += Equalise(sides[group], ChannelsOf(graph_.values[group].shape)) ? 1 : 0;
      }
    }
    return equalised;
  }

 private:
  std::size_t Of(std::size_t value) {
    while (parents_[value] != value) value = parents_[value] = parents_[parents_[value]];
    return value;
  }
  void Join(ValueId a, ValueId b) { parents_[Of(Index(a))] = Of(Index(b)); }
  void Fix(const Node& node) {
    for (const ValueId input : node.inputs) {
      if (input != kNone) is_fixed_[Index(input)] = true;
    }
    is_fixed_[Index(node.output)] = true;
  }

  void Visit(std::size_t index) {
    const Node& node = graph_.nodes[index];
    if (!Connect(index, node)) Fix(node);
  }

  /// Whether factors of the inputs' channels can go through the node.
  bool Connect(std::size_t index, const Node& node) {
    if (const auto* conv = std::get_if<Conv>(&node.operation)) {
      const bool has_groups = conv->group != 1 && !IsDepthwise(graph_, node, *conv);
      return !has_groups && ConnectLayer(index, node, conv->clamp);
    }
    if (const auto* dense = std::get_if<Dense>(&node.operation)) {
      const bool is_plain = dense->alpha == 1 && dense->beta == 1;
      return is_plain && graph_.at(node.output).shape.size() == 2 &&
             ConnectLayer(index, node, dense->clamp);
    }
    const Shape& in = graph_.at(node.inputs[0]).shape;
    const Shape& out = graph_.at(node.output).shape;
    if (std::holds_alternative<Reshape>(node.operation)) {
      const bool drops_plane = in.size() == 4 && in[2] == 1 && in[3] == 1 && out.size() == 2 &&
                               in[0] == out[0] && in[1] == out[1];
      if (drops_plane) Join(node.inputs[0], node.output);
      return drops_plane;
    }
    const auto* binary = std::get_if<Binary>(&node.operation);
    const bool adds = binary != nullptr && binary->kind == Binary::Kind::kAdd &&
                      KeepsFactors(binary->clamp) && graph_.at(node.inputs[1]).shape == out &&
                      in == out;
    if (!adds && !std::holds_alternative<MaxPool>(node.operation)) return false;
    for (const ValueId input : node.inputs) Join(input, node.output);
    return true;
  }

  bool ConnectLayer(std::size_t index, const Node& node, const Clamp& clamp) {
    const Value* bias = graph_.Input(node, 2);
    if (!graph_.Input(node, 1)->constant || (bias != nullptr && !bias->constant)) return false;
    if (!KeepsFactors(clamp)) is_fixed_[Index(node.output)] = true;
    if (graph_.Input(node, 3) != nullptr) Join(node.inputs[3], node.output);
    sides_.emplace_back(Index(node.inputs[0]), Side{index, true});
    sides_.emplace_back(Index(node.output), Side{index, false});
    return true;
  }

  /// Calls visit(channel, element of the weight) for the channels of one side.
  template <typename Visit>
  void ForWeights(const Side& side, const Visit& visit) const {
    const Node& node = graph_.nodes[side.node];
    const Shape& shape = graph_.Input(node, 1)->shape;
    const auto* dense = std::get_if<Dense>(&node.operation);
    const auto* conv = std::get_if<Conv>(&node.operation);
    const bool is_first = conv != nullptr ? !side.is_input || conv->group > 1
                                          : side.is_input == dense->weight_is_in_out;
    const std::size_t rest = Index(Elements(shape)) / Index(shape[0] * shape[1]);
    for (std::size_t i = 0; i < Index(Elements(shape)); ++i) {
      const std::size_t first = i / rest / Index(shape[1]);
      visit(is_first ? first : i / rest % Index(shape[1]), i);
    }
  }

  /// The largest weight of each channel, by the largest of all.
  std::vector<double> SizesOf(const Side& side, std::int64_t channels) const {
    const std::vector<float>& all = graph_.Input(graph_.nodes[side.node], 1)->constant->floats();
    std::vector<double> sizes(Index(channels), 0.0);
    double most = 0;
    ForWeights(side, [&](std::size_t channel, std::size_t i) {
      sizes[channel] = std::max(sizes[channel], std::fabs(double{all[i]}));
      most = std::max(most, std::fabs(double{all[i]}));
    });
    for (double& size : sizes) size = most > 0 ? size / most : 0;
    return sizes;
  }

  bool Equalise(const std::vector<Side>& sides, std::int64_t channels) {
    std::vector<double> made(Index(channels), 0.0);
    std::vector<double> used(Index(channels), 0.0);
    for (const Side& side : sides) {
      const std::vector<double> sizes = SizesOf(side, channels);
      std::vector<double>& to = side.is_input ? used : made;
      for (std::size_t c = 0; c < to.size(); ++c) to[c] = std::max(to[c], sizes[c]);
    }
    std::vector<double> factors(Index(channels), 1.0);
    for (std::size_t c = 0; c < factors.size(); ++c) {
      if (made[c] == 0 || used[c] == 0) continue;
      factors[c] = std::clamp(std::sqrt(used[c] / made[c]), 1 / kMostFactor, kMostFactor);
    }
    for (const Side& side : sides) Multiply(side, factors);
    return std::any_of(factors.begin(), factors.end(), [](double one) { return one != 1; });
  }

  /// A channel's values become `factor` times as large.
  void Multiply(const Side& side, const std::vector<double>& factors) {
    Node& node = graph_.nodes[side.node];
    std::vector<float> weights = graph_.Input(node, 1)->constant->floats();
    ForWeights(side, [&](std::size_t channel, std::size_t i) {
      const double factor = factors[channel];
      weights[i] = static_cast<float>(side.is_input ? weights[i] / factor : weights[i] * factor);
    });
    node.inputs[1] = Replaced(node.inputs[1], std::move(weights));
    if (side.is_input || graph_.Input(node, 2) == nullptr) return;
    std::vector<float> biases = graph_.Input(node, 2)->constant->floats();
    for (std::size_t c = 0; c < biases.size(); ++c) {
      biases[c] = static_cast<float>(biases[c] * factors[c % factors.size()]);
    }
    node.inputs[2] = Replaced(node.inputs[2], std::move(biases));
  }

  /// The constant with other numbers; a new one where other nodes use the old one too.
  ValueId Replaced(ValueId old, std::vector<float> numbers) {
    Value& value = graph_.at(old);
    Tensor tensor(value.shape, std::move(numbers));
    if (uses_[Index(old)] > 1) {
      --uses_[Index(old)];
      uses_.push_back(1);
      return graph_.Add({value.name, value.type, value.shape, std::move(tensor)});
    }
    value.constant = std::move(tensor);
    return old;
  }

  Graph& graph_;
  std::vector<std::size_t> parents_;
  std::vector<bool> is_fixed_;
  std::vector<std::int32_t> uses_;
  std::vector<std::pair<std::size_t, Side>> sides_;  ///< by the value that they make or use
};

}  // namespace

int EqualiseChannels(Graph& graph) { return Equaliser(graph).Run(); }

}  // namespace foothold::network
