#include "network/execute/execute.h"

#include "base/check.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

/// One node over its inputs, by the kind of its operation.
struct Applier {
  const std::vector<const Tensor*>& inputs;
  const Value& output;

  const Tensor& x() const { return *inputs[0]; }
  const Tensor* Optional(std::size_t index) const {
    return index < inputs.size() ? inputs[index] : nullptr;
  }

  Tensor operator()(const Conv& conv) const {
    return ApplyConv(conv, x(), *inputs[1], Optional(2), Optional(3), output.shape);
  }
  Tensor operator()(const Dense& dense) const {
    return ApplyDense(dense, x(), *inputs[1], Optional(2), output.shape);
  }
  Tensor operator()(const BatchNorm& norm) const { return ApplyBatchNorm(norm, inputs); }
  Tensor operator()(const Clip& clip) const { return ApplyClip(clip, x()); }
  Tensor operator()(const LeakyRelu& relu) const { return ApplyLeakyRelu(relu, x()); }
  Tensor operator()(const Sigmoid& /*no options*/) const { return ApplySigmoid(x()); }
  Tensor operator()(const Softmax& softmax) const { return ApplySoftmax(softmax, x()); }
  Tensor operator()(const MaxPool& pool) const { return ApplyMaxPool(pool, x(), output.shape); }
  Tensor operator()(const AveragePool& pool) const {
    return ApplyAveragePool(pool, x(), output.shape);
  }
  Tensor operator()(const Mean& mean) const { return ApplyMean(mean, x(), output.shape); }
  Tensor operator()(const Binary& binary) const {
    return ApplyBinary(binary, x(), *inputs[1], output.shape);
  }
  Tensor operator()(const Reshape& /*no options*/) const { return x().Reshaped(output.shape); }
  Tensor operator()(const Transpose& transpose) const {
    return ApplyTranspose(transpose, x(), output.shape);
  }
  Tensor operator()(const Concat& concat) const {
    return ApplyConcat(concat, inputs, output.shape);
  }
  Tensor operator()(const Pad& pad) const {
    return ApplyPad(pad, x(), double{pad.value}, output.shape);
  }
  Tensor operator()(const Resize& resize) const { return ApplyResize(resize, x(), output.shape); }
  Tensor operator()(const Quantize& quantize) const {
    return ApplyQuantize(ToQuantisation(*inputs[1], Optional(2), quantize.axis), output.type, x());
  }
  Tensor operator()(const Dequantize& dequantize) const {
    return ApplyDequantize(ToQuantisation(*inputs[1], Optional(2), dequantize.axis), x());
  }
};

Results Begin(const Graph& graph, const std::vector<Tensor>& inputs) {
  FOOTHOLD_CHECK(inputs.size() == graph.inputs.size(), "one tensor for each input");
  Results results(graph.values.size());
  for (std::size_t i = 0; i < graph.values.size(); ++i) results[i] = graph.values[i].constant;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = graph.at(graph.inputs[i]);
    FOOTHOLD_CHECK(inputs[i].shape() == value.shape && inputs[i].type() == value.type,
                   "inputs of the graph's shapes and types");
    results[Index(graph.inputs[i])] = inputs[i];
  }
  return results;
}

/// Whether the node's integers are real numbers in disguise, rather than elements to be moved.
bool IsQuantisedForm(const Graph& graph, const Node& node) {
  if (std::holds_alternative<Quantize>(node.operation)) return false;
  const Value* x = graph.Input(node, 0);
  return graph.at(node.output).quantisation && x != nullptr && x->quantisation;
}

void Step(const Graph& graph, const Node& node, Results& results) {
  std::vector<const Tensor*> inputs;
  for (const ValueId input : node.inputs) {
    inputs.push_back(input == kNone ? nullptr : &*results[Index(input)]);
  }
  results[Index(node.output)] = Apply(graph, node, inputs);
}

}  // namespace

Tensor Apply(const Graph& graph, const Node& node, const std::vector<const Tensor*>& inputs) {
  if (IsQuantisedForm(graph, node)) return ApplyQuantised(graph, node, inputs);
  return std::visit(Applier{inputs, graph.at(node.output)}, node.operation);
}

Results ExecuteAll(const Graph& graph, const std::vector<Tensor>& inputs) {
  Results results = Begin(graph, inputs);
  for (const Node& node : graph.nodes) Step(graph, node, results);
  return results;
}

std::vector<Tensor> Execute(const Graph& graph, const std::vector<Tensor>& inputs) {
  Results results = Begin(graph, inputs);
  std::vector<std::int32_t> uses = UseCounts(graph);
  for (const Node& node : graph.nodes) {
    Step(graph, node, results);
    for (const ValueId input : node.inputs) {
      if (input != kNone && --uses[Index(input)] == 0) results[Index(input)].reset();
    }
  }
  std::vector<Tensor> outputs;
  for (const ValueId output : graph.outputs) outputs.push_back(*results[Index(output)]);
  return outputs;
}

}  // namespace foothold::network
