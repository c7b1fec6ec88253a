#pragma once

#include "formats/onnx/testing/encoder.h"

namespace foothold::network::testing {

/// A residual network of 16 channels with batch norms, a grouped convolution and a dense layer: two
/// of its convolutions are alike.
inline onnx::testing::Encoder SmallNetwork() {
  using Ints = std::vector<std::int64_t>;
  onnx::testing::Encoder net;
  const auto numbers = [](std::int64_t count, float step) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) {
      values.push_back(step * static_cast<float>(i * 7 % 13 - 6));
    }
    return values;
  };
  const onnx::testing::Attributes same = {{"pads", Ints{1, 1, 1, 1}}};
  const auto conv = [&](const std::string& x, const std::string& y, std::int64_t in,
                        onnx::testing::Attributes attributes) {
    net.Floats(y + ".w", {16, in, 3, 3}, numbers(16 * in * 9, 0.02F));
    net.Floats(y + ".b", {16}, numbers(16, 0.1F));
    net.Node("Conv", {x, y + ".w", y + ".b"}, {y}, attributes);
  };
  net.Input("image", {-1, 3, 8, 8});
  conv("image", "stem", 3, {{"pads", Ints{0, 0, 1, 1}}, {"strides", Ints{2, 2}}});
  net.Floats("bn.scale", {16}, std::vector<float>(16, 1.5F))
      .Floats("bn.bias", {16}, numbers(16, 0.05F))
      .Floats("bn.mean", {16}, numbers(16, 0.02F))
      .Floats("bn.var", {16}, std::vector<float>(16, 0.8F))
      .Node("BatchNormalization", {"stem", "bn.scale", "bn.bias", "bn.mean", "bn.var"}, {"bn"})
      .Node("Relu", {"bn"}, {"relu"});
  conv("relu", "block.1", 16, same);
  net.Node("Relu", {"block.1"}, {"block.relu"});
  conv("block.relu", "block.2", 16, same);
  net.Node("Add", {"block.2", "relu"}, {"sum"}).Node("Relu", {"sum"}, {"block"});
  conv("block", "grouped", 1, {{"pads", Ints{1, 1, 1, 1}}, {"group", std::int64_t{16}}});
  net.Node("GlobalAveragePool", {"grouped"}, {"pooled"})
      .Node("Flatten", {"pooled"}, {"flat"})
      .Floats("fc.w", {10, 16}, numbers(160, 0.1F))
      .Floats("fc.b", {10}, numbers(10, 0.1F))
      .Node("Gemm", {"flat", "fc.w", "fc.b"}, {"logits"}, {{"transB", std::int64_t{1}}})
      .Node("Softmax", {"logits"}, {"probabilities"})
      .Output("probabilities");
  return net;
}

/// Four inputs of it as a .npy file of int8.
inline std::string SmallSamples() {
  const std::string header = "{'descr': '|i1', 'fortran_order': False, 'shape': (4, 3, 8, 8), }\n";
  std::string bytes = std::string("\x93NUMPY\x01") + '\0' + static_cast<char>(header.size()) + '\0';
  bytes += header;
  for (int i = 0; i < 4 * 3 * 8 * 8; ++i) bytes += static_cast<char>(i * 11 % 23 - 11);
  return bytes;
}

}  // namespace foothold::network::testing
