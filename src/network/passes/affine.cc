#include "network/passes/affine.h"

namespace foothold::network {
namespace {

bool IsFloatConstant(const Value* value) {
  return value != nullptr && value->constant && value->type == DataType::kFloat;
}

/// The results of the layer as they are summed: nothing is clamped, scaled or added.
bool IsPlain(const Node& node) {
  if (const auto* conv = std::get_if<Conv>(&node.operation)) {
    return conv->clamp == Clamp{} && (node.inputs.size() < 4 || node.inputs[3] == kNone);
  }
  const auto* dense = std::get_if<Dense>(&node.operation);
  return dense != nullptr && dense->clamp == Clamp{} && dense->alpha == 1 && dense->beta == 1;
}

}  // namespace

std::optional<Affine> AffineBehind(Graph& graph, const std::vector<std::int32_t>& makers,
                                   const std::vector<std::int32_t>& sole_users, ValueId value) {
  const std::int32_t maker = makers[static_cast<std::size_t>(value)];
  if (maker < 0 || sole_users[static_cast<std::size_t>(value)] < 0) return std::nullopt;
  Node& node = graph.nodes[static_cast<std::size_t>(maker)];
  if (!IsPlain(node) || !IsFloatConstant(graph.Input(node, 1))) return std::nullopt;
  if (const Value* bias = graph.Input(node, 2); bias != nullptr && !IsFloatConstant(bias)) {
    return std::nullopt;
  }
  const Shape& out = graph.at(node.output).shape;
  const bool is_conv = std::holds_alternative<Conv>(node.operation);
  return Affine{&node, static_cast<std::size_t>(is_conv ? out[1] : out.back())};
}

void Transform(Graph& graph, const Affine& affine, const std::vector<double>& factors,
               const std::vector<double>& added) {
  Node& node = *affine.node;
  const Value& weight = graph.at(node.inputs[1]);
  const auto* dense = std::get_if<Dense>(&node.operation);
  const bool channels_last = dense != nullptr && dense->weight_is_in_out;
  std::vector<float> weights = weight.constant->floats();
  const std::size_t per_channel = weights.size() / affine.channels;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t channel = channels_last ? i % affine.channels : i / per_channel;
    weights[i] = static_cast<float>(weights[i] * factors[channel]);
  }
  std::vector<float> biases;
  const Value* bias = graph.Input(node, 2);
  for (std::size_t c = 0; c < affine.channels; ++c) {
    const double before = bias == nullptr ? 0 : double{bias->constant->floats()[c]};
    biases.push_back(static_cast<float>(before * factors[c] + added[c]));
  }
  const Shape weight_shape = weight.shape;
  const std::string name = graph.at(node.output).name;
  node.inputs.resize(3, kNone);
  node.inputs[1] = graph.Add(
      {name + ":weight", DataType::kFloat, weight_shape, Tensor(weight_shape, std::move(weights))});
  const Shape bias_shape = {static_cast<std::int64_t>(affine.channels)};
  node.inputs[2] = graph.Add(
      {name + ":bias", DataType::kFloat, bias_shape, Tensor(bias_shape, std::move(biases))});
}

}  // namespace foothold::network
