#include "network/quantise/quantise.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "network/quantise/exponents.h"
#include "network/quantise/scale_groups.h"

namespace foothold::network {
namespace {

Quantisation PowerOfTwo(int exponent, Rounding rounding) {
  return {{std::ldexp(1.0F, exponent)}, {0}, 0, rounding};
}

/// From real numbers to ones in this unit.
void MeasureClamp(float unit, Operation& operation) {
  const auto measure = [&](Clamp& clamp) {
    clamp.low /= unit;
    clamp.high /= unit;
  };
  if (auto* conv = std::get_if<Conv>(&operation)) measure(conv->clamp);
  if (auto* dense = std::get_if<Dense>(&operation)) measure(dense->clamp);
  if (auto* clip = std::get_if<Clip>(&operation)) measure(clip->clamp);
  if (auto* binary = std::get_if<Binary>(&operation)) measure(binary->clamp);
}

/// Copies the float graph node by node, in integers where that is possible.
class Builder {
 public:
  Builder(const Graph& floats, const Exponents& exponents)
      : floats_(floats),
        exponents_(exponents),
        real_(floats.values.size(), kNone),
        integer_(floats.values.size(), kNone) {}

  QuantisedNetwork Build() {
    out_.graph.name = floats_.name;
    for (const ValueId input : floats_.inputs) {
      real_[Index(input)] = out_.graph.Add(floats_.at(input));
      out_.graph.inputs.push_back(real_[Index(input)]);
    }
    for (std::size_t i = 0; i < floats_.nodes.size(); ++i) {
      const Node& node = floats_.nodes[i];
      if (RunsOnIntegers(floats_, node)) {
        AddInteger(node, exponents_.of_weight[i]);
      } else {
        AddReal(node);
      }
    }
    for (const ValueId output : floats_.outputs) out_.graph.outputs.push_back(Real(output));
    out_.stands_for = integer_;
    out_.units = exponents_.units;
    return std::move(out_);
  }

 private:
  /// The float value of the new graph; made from the integers if need be.
  ValueId Real(ValueId id) {
    ValueId& real = real_[Index(id)];
    if (real != kNone) return real;
    const Value& value = floats_.at(id);
    if (value.constant) return real = out_.graph.Add(value);
    const Quantisation& quantisation = *out_.graph.at(integer_[Index(id)]).quantisation;
    const ValueId scale = AddScale(value.name, quantisation.scales[0] * Unit(id));
    real = out_.graph.Add({value.name + ":real", DataType::kFloat, value.shape});
    out_.graph.nodes.push_back(
        {value.name + ":dequantize", Dequantize{}, {integer_[Index(id)], scale, kNone}, real});
    return real;
  }

  /// The integers of a value; made from the float if need be.
  ValueId Integer(ValueId id) {
    ValueId& integer = integer_[Index(id)];
    if (integer != kNone) return integer;
    const ValueId real = Real(id);
    const Value& value = floats_.at(id);
    const Quantisation quantisation =
        PowerOfTwo(exponents_.of_value[Index(id)], Rounding::kHalfEven);
    const ValueId scale = AddScale(value.name, quantisation.scales[0] * Unit(id));
    const ValueId zero = out_.graph.Add(
        {value.name + ":zero", DataType::kInt8, {}, Tensor({}, std::vector<std::int8_t>{0})});
    integer = out_.graph.Add({value.name + ":int8", DataType::kInt8, value.shape});
    out_.graph.at(integer).quantisation = quantisation;
    out_.graph.nodes.push_back(
        {value.name + ":quantize", Quantize{}, {real, scale, zero}, integer});
    return integer;
  }

  float Unit(ValueId id) const { return exponents_.units[Index(id)]; }

  ValueId AddScale(const std::string& name, float scale) {
    return out_.graph.Add(
        {name + ":scale", DataType::kFloat, {}, Tensor({}, std::vector<float>{scale})});
  }

  void AddReal(const Node& node) {
    Node copy = node;
    for (ValueId& input : copy.inputs) {
      if (input != kNone) input = Real(input);
    }
    copy.output = real_[Index(node.output)] = out_.graph.Add(floats_.at(node.output));
    out_.graph.nodes.push_back(std::move(copy));
  }

  void AddInteger(const Node& node, int weight_exponent) {
    Node copy = node;
    copy.inputs[0] = Integer(node.inputs[0]);
    MeasureClamp(Unit(node.output), copy.operation);
    if (IsLayer(node)) {
      const double unit = double{Unit(node.output)} / double{Unit(node.inputs[0])};
      copy.inputs[1] = Weight(node.inputs[1], unit, weight_exponent);
      if (floats_.Input(node, 2) != nullptr) {
        copy.inputs[2] = Bias(node.inputs[2], double{Unit(node.output)},
                              exponents_.of_value[Index(node.inputs[0])] + weight_exponent);
      }
      if (floats_.Input(node, 3) != nullptr) copy.inputs[3] = Integer(node.inputs[3]);
    } else {
      for (std::size_t i = 1; i < node.inputs.size(); ++i) copy.inputs[i] = Integer(node.inputs[i]);
    }
    const Value& value = floats_.at(node.output);
    const ValueId output = out_.graph.Add({value.name, DataType::kInt8, value.shape});
    out_.graph.at(output).quantisation =
        PowerOfTwo(exponents_.of_value[Index(node.output)], Rounding::kHalfUp);
    copy.output = integer_[Index(node.output)] = output;
    out_.graph.nodes.push_back(std::move(copy));
  }

  ValueId Weight(ValueId id, double unit, int exponent) {
    const Value& value = floats_.at(id);
    std::vector<std::int8_t> integers;
    for (const float real : value.constant->floats()) {
      const double scaled = std::nearbyint(std::ldexp(real / unit, -exponent));
      integers.push_back(static_cast<std::int8_t>(std::clamp(scaled, -127.0, 127.0)));
    }
    const ValueId weight = out_.graph.Add(
        {value.name, DataType::kInt8, value.shape, Tensor(value.shape, std::move(integers))});
    out_.graph.at(weight).quantisation = PowerOfTwo(exponent, Rounding::kHalfEven);
    return weight;
  }

  ValueId Bias(ValueId id, double unit, int exponent) {
    const Value& value = floats_.at(id);
    std::vector<std::int32_t> integers;
    for (const float real : value.constant->floats()) {
      integers.push_back(
          static_cast<std::int32_t>(std::nearbyint(std::ldexp(real / unit, -exponent))));
    }
    return out_.graph.Add(
        {value.name, DataType::kInt32, value.shape, Tensor(value.shape, std::move(integers))});
  }

  const Graph& floats_;
  const Exponents& exponents_;
  std::vector<ValueId> real_;
  std::vector<ValueId> integer_;
  QuantisedNetwork out_;
};

}  // namespace

std::string_view ToString(Scales scales) {
  return scales == Scales::kRatio ? "ratio" : "power-of-two";
}

Result<QuantisedNetwork> QuantiseForShifts(const Graph& graph, const std::vector<Tensor>& samples,
                                           const QuantiseOptions& options) {
  if (graph.inputs.size() != 1 || graph.at(graph.inputs[0]).type != DataType::kFloat) {
    return Status::InvalidArgument(
        fmt::format("the network has {} inputs, must have one, of float32", graph.inputs.size()));
  }
  FOOTHOLD_ASSIGN_OR_RETURN(const Exponents exponents,
                            ChooseExponents(graph, samples, options.scales));
  return Builder(graph, exponents).Build();
}

}  // namespace foothold::network
