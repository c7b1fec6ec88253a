#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "network/passes/erase_nodes.h"
#include "network/passes/passes.h"

namespace foothold::network {
namespace {

/// What a scale and a zero point say, which import has checked to be constants.
Quantisation QuantisationOf(const Graph& graph, const Node& node, std::int64_t axis) {
  Quantisation quantisation;
  quantisation.scales = graph.Input(node, 1)->constant->floats();
  const Value* zero_point = graph.Input(node, 2);
  for (std::size_t i = 0; i < quantisation.scales.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    quantisation.zero_points.push_back(
        zero_point == nullptr ? 0
                              : static_cast<std::int32_t>(zero_point->constant->IntegerAt(index)));
  }
  if (quantisation.is_per_axis()) quantisation.axis = axis;
  return quantisation;
}

/// The operations that have a meaning over integers, or that mean the same for each element.
bool MayBeInteger(const Operation& operation) {
  if (const auto* dense = std::get_if<Dense>(&operation)) {
    return dense->alpha == 1 && dense->beta == 1;
  }
  return !std::holds_alternative<Quantize>(operation) &&
         !std::holds_alternative<Dequantize>(operation) &&
         !std::holds_alternative<BatchNorm>(operation) &&
         !std::holds_alternative<Softmax>(operation);
}

bool HasSums(const Node& node) {
  return std::holds_alternative<Conv>(node.operation) ||
         std::holds_alternative<Dense>(node.operation);
}

/// One attempt to put a node over integers. Nothing changes unless it succeeds.
class Fusion {
 public:
  Fusion(Graph& graph, const std::vector<std::int32_t>& makers,
         const std::vector<std::int32_t>& sole_users)
      : graph_(graph), makers_(makers), sole_users_(sole_users) {}

  /// The index of the Quantize node that is no longer needed; nullopt when the node stays.
  std::optional<std::int32_t> Try(Node& node) {
    const std::int32_t user = sole_users_[static_cast<std::size_t>(node.output)];
    if (user < 0 || !MayBeInteger(node.operation)) return std::nullopt;
    const Node& quantize = graph_.nodes[static_cast<std::size_t>(user)];
    const auto* to = std::get_if<Quantize>(&quantize.operation);
    if (to == nullptr) return std::nullopt;
    out_ = QuantisationOf(graph_, quantize, to->axis);
    if (out_.is_per_axis()) return std::nullopt;
    if (!(HasSums(node) ? TakeLayerInputs(node) : TakeInputs(node, node.inputs.size()))) {
      return std::nullopt;
    }
    for (const auto& [id, quantisation] : meanings_) graph_.at(id).quantisation = quantisation;
    graph_.at(quantize.output).quantisation = out_;
    if (bias_) {
      const Shape shape = bias_->shape();
      integers_[2] = graph_.Add(
          {graph_.at(node.output).name + ":bias", DataType::kInt32, shape, std::move(bias_)});
    }
    node.inputs = integers_;
    node.output = quantize.output;
    return user;
  }

 private:
  /// The first `count` inputs are integers with one scale each, or several where `per_axis` allows.
  bool TakeInputs(const Node& node, std::size_t count, std::size_t per_axis = SIZE_MAX) {
    for (std::size_t i = 0; i < count; ++i) {
      if (node.inputs[i] == kNone) return false;
      const std::int32_t maker = makers_[static_cast<std::size_t>(node.inputs[i])];
      if (maker < 0) return false;
      const Node& dequantize = graph_.nodes[static_cast<std::size_t>(maker)];
      const auto* from = std::get_if<Dequantize>(&dequantize.operation);
      if (from == nullptr) return false;
      const ValueId integer = dequantize.inputs[0];
      const Quantisation meaning = QuantisationOf(graph_, dequantize, from->axis);
      const auto& known = graph_.at(integer).quantisation;
      if (!IsQuantised(graph_.at(integer).type) || (meaning.is_per_axis() && i != per_axis) ||
          (known && !(*known == meaning))) {
        return false;
      }
      meanings_.emplace_back(integer, meaning);
      integers_.push_back(integer);
    }
    return true;
  }

  /// x, a weight with one scale or one for each output channel, and a constant bias.
  bool TakeLayerInputs(const Node& node) {
    if (node.inputs.size() > 3 || !TakeInputs(node, 2, 1)) return false;
    const Quantisation& weight = meanings_[1].second;
    const auto* dense = std::get_if<Dense>(&node.operation);
    const std::int64_t channel_axis = dense != nullptr && dense->weight_is_in_out ? 1 : 0;
    if (weight.is_per_axis() && weight.axis != channel_axis) return false;
    integers_.push_back(kNone);
    const Value* bias = graph_.Input(node, 2);
    return bias == nullptr || TakeBias(node.inputs[2], *bias);
  }

  /// The bias in units of the sums, whose scale is that of x times that of the weight.
  bool TakeBias(ValueId id, const Value& bias) {
    const Tensor* numbers = bias.constant ? &*bias.constant : nullptr;
    Quantisation meaning{{1.0F}, {0}, 0};
    if (const std::int32_t maker = makers_[static_cast<std::size_t>(id)]; maker >= 0) {
      const Node& dequantize = graph_.nodes[static_cast<std::size_t>(maker)];
      const auto* from = std::get_if<Dequantize>(&dequantize.operation);
      if (from == nullptr || !graph_.Input(dequantize, 0)->constant) return false;
      numbers = &*graph_.Input(dequantize, 0)->constant;
      meaning = QuantisationOf(graph_, dequantize, from->axis);
    }
    if (numbers == nullptr) return false;
    std::vector<std::int32_t> integers;
    for (std::int64_t c = 0; c < numbers->size(); ++c) {
      const double integer = InUnits(*numbers, meaning, c);
      if (!(std::fabs(integer) < std::numeric_limits<std::int32_t>::max())) return false;
      integers.push_back(static_cast<std::int32_t>(integer));
    }
    bias_ = Tensor(numbers->shape(), std::move(integers));
    return true;
  }

  /// A whole number of units for the bias of channel c.
  double InUnits(const Tensor& numbers, const Quantisation& meaning, std::int64_t c) const {
    const auto index = static_cast<std::size_t>(c);
    const Quantisation& weight = meanings_[1].second;
    const double unit = double{meanings_[0].second.scales[0]} *
                        double{weight.scales[weight.is_per_axis() ? index : 0]};
    if (numbers.type() == DataType::kFloat) {
      return std::nearbyint(double{numbers.floats()[index]} / unit);
    }
    const std::size_t own = meaning.is_per_axis() ? index : 0;
    const double integer = static_cast<double>(numbers.IntegerAt(c)) - meaning.zero_points[own];
    // The file's scale is the same product, rounded to float32: a large bias must not notice.
    constexpr double kRounding = 1e-6;
    const double ratio = double{meaning.scales[own]} / unit;
    return std::fabs(ratio - 1) < kRounding ? integer : std::nearbyint(integer * ratio);
  }

  Graph& graph_;
  const std::vector<std::int32_t>& makers_;
  const std::vector<std::int32_t>& sole_users_;
  Quantisation out_;
  std::vector<std::pair<ValueId, Quantisation>> meanings_;
  std::vector<ValueId> integers_;
  std::optional<Tensor> bias_;
};

}  // namespace

int FuseQuantised(Graph& graph) {
  const auto makers = Makers(graph);
  auto sole_users = SoleUsers(graph);
  std::vector<std::int32_t> fused;
  const std::size_t count = graph.nodes.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto quantize = Fusion(graph, makers, sole_users).Try(graph.nodes[i])) {
      fused.push_back(*quantize);
    }
  }
  EraseNodes(graph, fused);
  return static_cast<int>(fused.size());
}

}  // namespace foothold::network
