// The meaning of operators, and the shapes of what they make, through small ONNX files.
#include "network/import/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/onnx/testing/encoder.h"
#include "network/execute/execute.h"

namespace foothold::network {
namespace {

using onnx::testing::Attributes;
using onnx::testing::Encoder;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;
using Ints = std::vector<std::int64_t>;

Graph Imported(const Encoder& encoder) {
  const auto graph = Import(encoder.Parse().value());
  EXPECT_TRUE(graph.ok()) << graph.status().message();
  return graph.ok() ? *graph : Graph{};
}

Tensor Ramp(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(Elements(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return Tensor(shape, std::move(values));
}

Tensor Floats(const Shape& shape, std::vector<float> values) {
  return Tensor(shape, std::move(values));
}

/// The output of a model with the one input x.
Tensor OutputOf(const Encoder& encoder, const Tensor& x) {
  const Graph graph = Imported(encoder);
  return graph.outputs.empty() ? Tensor({}, std::vector<float>{0}) : Execute(graph, {x}).front();
}

Tensor RunNode(std::int64_t opset, const std::string& op, const Tensor& x,
               const Attributes& attributes) {
  return OutputOf(
      Encoder(opset).Input("x", x.shape()).Node(op, {"x"}, {"y"}, attributes).Output("y"), x);
}

TEST(Import, TakesAnOpenBatchAsOne) {
  const Graph graph =
      Imported(Encoder().Input("x", {-1, 3}).Node("Relu", {"x"}, {"y"}).Output("y"));
  EXPECT_THAT(graph.at(graph.inputs.at(0)).shape, ElementsAre(1, 3));
  EXPECT_THAT(graph.at(graph.outputs.at(0)).shape, ElementsAre(1, 3));
}

TEST(Import, TakesShapesThatTheFileLeavesOpen) {
  const auto model =
      Encoder().Input("x", {-1, -2}).Node("Relu", {"x"}, {"y"}).Output("y").Parse().value();
  const Graph graph = Import(model, {{{"x", {2, 5}}}}).value();
  EXPECT_THAT(graph.at(graph.outputs.at(0)).shape, ElementsAre(2, 5));
}

TEST(Import, KnowsInitializersThatAreInputsToo) {
  const Graph graph = Imported(Encoder(7, 3)
                                   .Input("x", {1, 2})
                                   .Input("w", {2, 3})
                                   .Floats("w", {2, 3}, {1, 2, 3, 4, 5, 6})
                                   .Node("MatMul", {"x", "w"}, {"y"})
                                   .Output("y"));
  EXPECT_EQ(graph.inputs.size(), 1U);
  EXPECT_THAT(Execute(graph, {Floats({1, 2}, {1, 10})}).at(0).floats(), ElementsAre(41, 52, 63));
}

TEST(Import, PadsStridesAndGroupsConvolutions) {
  // Two groups of one channel each; the kernel adds a pixel and its right neighbour.
  const Tensor y = OutputOf(
      Encoder()
          .Input("x", {1, 2, 2, 3})
          .Floats("w", {2, 1, 1, 2}, {1, 1, 1, 10})
          .Floats("b", {2}, {0, 1000})
          .Node("Conv", {"x", "w", "b"}, {"y"},
                {{"group", std::int64_t{2}}, {"pads", Ints{0, 0, 0, 1}}, {"strides", Ints{1, 2}}})
          .Output("y"),
      Ramp({1, 2, 2, 3}));
  EXPECT_THAT(y.shape(), ElementsAre(1, 2, 2, 2));
  EXPECT_THAT(y.floats(), ElementsAre(1, 2, 7, 5, 1076, 1008, 1109, 1011));
}

TEST(Import, PlacesTheOddPixelOfSamePadding) {
  const auto run = [](const std::string& mode) {
    return OutputOf(Encoder()
                        .Input("x", {1, 1, 1, 4})
                        .Floats("w", {1, 1, 1, 2}, {1, 10})
                        .Node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", mode}})
                        .Output("y"),
                    Floats({1, 1, 1, 4}, {1, 2, 3, 4}));
  };
  EXPECT_THAT(run("SAME_UPPER").floats(), ElementsAre(21, 32, 43, 4));
  EXPECT_THAT(run("SAME_LOWER").floats(), ElementsAre(10, 21, 32, 43));
  EXPECT_THAT(run("VALID").floats(), ElementsAre(21, 32, 43));
}

TEST(Import, DilatesConvolutions) {
  const Tensor y = OutputOf(Encoder()
                                .Input("x", {1, 1, 1, 5})
                                .Floats("w", {1, 1, 1, 2}, {1, 10})
                                .Node("Conv", {"x", "w"}, {"y"}, {{"dilations", Ints{1, 3}}})
                                .Output("y"),
                            Ramp({1, 1, 1, 5}));
  EXPECT_THAT(y.floats(), ElementsAre(30, 41));
}

TEST(Import, ReadsEveryFormOfGemm) {
  const Tensor x = Floats({2, 2}, {1, 2, 3, 4});
  const auto run = [&](const Ints& c_shape, const std::vector<float>& c, std::int64_t trans,
                       float beta) {
    return OutputOf(Encoder()
                        .Input("x", {2, 2})
                        .Floats("w", {2, 2}, {1, 0, 5, 1})
                        .Floats("c", c_shape, c)
                        .Node("Gemm", {"x", "w", "c"}, {"y"},
                              {{"transB", trans}, {"alpha", 2.0F}, {"beta", beta}})
                        .Output("y"),
                    x);
  };
  EXPECT_THAT(run({2}, {10, 20}, 0, 3).floats(), ElementsAre(52, 64, 76, 68));
  EXPECT_THAT(run({1, 2}, {10, 20}, 1, 1).floats(), ElementsAre(12, 34, 16, 58));
  EXPECT_THAT(run({1}, {100}, 1, 0).floats(), ElementsAre(2, 14, 6, 38));
  EXPECT_THAT(run({}, {100}, 1, 1).floats(), ElementsAre(102, 114, 106, 138));
  EXPECT_THAT(run({2, 1}, {100, 200}, 1, 1).floats(), ElementsAre(102, 114, 206, 238));
}

TEST(Import, PoolsAsOnnxDefinesIt) {
  const Tensor x = Floats({1, 1, 1, 5}, {1, 5, 2, 4, 3});
  const Attributes window = {{"kernel_shape", Ints{1, 2}}, {"strides", Ints{1, 2}}};
  Attributes rounded_up = window;
  rounded_up["ceil_mode"] = std::int64_t{1};
  EXPECT_THAT(RunNode(13, "MaxPool", x, window).floats(), ElementsAre(5, 4));
  EXPECT_THAT(RunNode(13, "MaxPool", x, rounded_up).floats(), ElementsAre(5, 4, 3));
  Attributes padded = window;
  padded["pads"] = Ints{0, 1, 0, 0};
  EXPECT_THAT(RunNode(13, "AveragePool", x, padded).floats(), ElementsAre(1, 3.5, 3.5));
  padded["count_include_pad"] = std::int64_t{1};
  EXPECT_THAT(RunNode(13, "AveragePool", x, padded).floats(), ElementsAre(0.5, 3.5, 3.5));
  EXPECT_THAT(RunNode(13, "GlobalAveragePool", x, {}).floats(), ElementsAre(3));
  EXPECT_THAT(RunNode(13, "GlobalMaxPool", x, {}).floats(), ElementsAre(5));
}

TEST(Import, NormalisesBatches) {
  const Tensor y = OutputOf(Encoder()
                                .Input("x", {1, 2, 1, 1})
                                .Floats("scale", {2}, {2, 3})
                                .Floats("bias", {2}, {10, 20})
                                .Floats("mean", {2}, {1, 2})
                                .Floats("var", {2}, {4, 9})
                                .Node("BatchNormalization", {"x", "scale", "bias", "mean", "var"},
                                      {"y"}, {{"epsilon", 0.0F}, {"momentum", 0.9F}})
                                .Output("y"),
                            Floats({1, 2, 1, 1}, {5, 8}));
  EXPECT_THAT(y.floats(), ElementsAre(14, 26));
}

TEST(Import, ReadsClipOfEveryOperatorSet) {
  const Tensor x = Floats({4}, {-1, 3, 7, 9});
  EXPECT_THAT(RunNode(7, "Clip", x, {{"min", 0.0F}, {"max", 6.0F}}).floats(),
              ElementsAre(0, 3, 6, 6));
  const Tensor y = OutputOf(Encoder(13)
                                .Input("x", {4})
                                .Floats("high", {}, {6})
                                .Node("Clip", {"x", "", "high"}, {"y"})
                                .Output("y"),
                            x);
  EXPECT_THAT(y.floats(), ElementsAre(-1, 3, 6, 6));
}

TEST(Import, TakesSoftmaxOverWhatTheOperatorSetSays) {
  const Tensor x = Floats({1, 2, 2}, {0, 0, 0, 0});
  EXPECT_THAT(RunNode(11, "Softmax", x, {}).floats(), ElementsAre(0.25, 0.25, 0.25, 0.25));
  EXPECT_THAT(RunNode(13, "Softmax", x, {}).floats(), ElementsAre(0.5, 0.5, 0.5, 0.5));
}

TEST(Import, BroadcastsArithmetic) {
  const Tensor y = OutputOf(Encoder()
                                .Input("x", {2, 3})
                                .Floats("c", {2, 1}, {10, 20})
                                .Node("Sub", {"x", "c"}, {"d"})
                                .Node("Sum", {"x", "d", "x"}, {"y"})
                                .Output("y"),
                            Ramp({2, 3}));
  EXPECT_THAT(y.floats(), ElementsAre(-10, -7, -4, -11, -8, -5));
}

/// What torch exports of x.view(x.size(0), -1).
TEST(Import, ComputesShapes) {
  const Graph graph =
      Imported(Encoder()
                   .Input("x", {-1, 2, 3})
                   .Integers("axis", {0})
                   .Integers("rest", {-1})
                   .Constant("first", onnx::DataType::kInt64, {}, Ints{0})
                   .Node("Shape", {"x"}, {"shape"})
                   .Node("Gather", {"shape", "first"}, {"n"})
                   .Node("Unsqueeze", {"n", "axis"}, {"n1"})
                   .Node("Concat", {"n1", "rest"}, {"to"}, {{"axis", std::int64_t{0}}})
                   .Node("Reshape", {"x", "to"}, {"y"})
                   .Output("y"));
  ASSERT_EQ(graph.nodes.size(), 1U);
  EXPECT_THAT(graph.at(graph.outputs[0]).shape, ElementsAre(1, 6));
}

TEST(Import, MovesElements) {
  const Tensor x = Ramp({1, 2, 3});
  EXPECT_THAT(RunNode(13, "Transpose", x, {{"perm", Ints{2, 0, 1}}}).floats(),
              ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(RunNode(13, "Transpose", x, {}).shape(), ElementsAre(3, 2, 1));
  EXPECT_THAT(RunNode(13, "Flatten", x, {{"axis", std::int64_t{2}}}).shape(), ElementsAre(2, 3));
  EXPECT_THAT(RunNode(11, "Squeeze", x, {{"axes", Ints{-3}}}).shape(), ElementsAre(2, 3));
  EXPECT_THAT(RunNode(11, "Unsqueeze", x, {{"axes", Ints{0, 4}}}).shape(),
              ElementsAre(1, 1, 2, 3, 1));
  const Tensor padded =
      RunNode(10, "Pad", Ramp({2, 2}), {{"pads", Ints{0, 1, 1, 0}}, {"value", 9.0F}});
  EXPECT_THAT(padded.floats(), ElementsAre(9, 0, 1, 9, 2, 3, 9, 9, 9));
  const Tensor joined =
      OutputOf(Encoder()
                   .Input("x", {2, 2})
                   .Floats("c", {2, 1}, {7, 8})
                   .Node("Concat", {"x", "c"}, {"y"}, {{"axis", std::int64_t{-1}}})
                   .Output("y"),
               Ramp({2, 2}));
  EXPECT_THAT(joined.floats(), ElementsAre(0, 1, 7, 2, 3, 8));
}

TEST(Import, AveragesAxes) {
  const Tensor x = Ramp({2, 2, 2});
  EXPECT_THAT(RunNode(13, "ReduceMean", x, {{"axes", Ints{0, 2}}}).floats(), ElementsAre(2.5, 4.5));
  EXPECT_THAT(
      RunNode(13, "ReduceMean", x, {{"axes", Ints{1}}, {"keepdims", std::int64_t{0}}}).shape(),
      ElementsAre(2, 2));
  EXPECT_THAT(RunNode(13, "ReduceMean", x, {}).floats(), ElementsAre(3.5));
}

TEST(Import, ResizesToTheNearest) {
  const auto run = [](const std::string& coordinates, const std::string& rounding) {
    return OutputOf(
        Encoder()
            .Input("x", {1, 1, 1, 2})
            .Floats("scales", {4}, {1, 1, 1, 3})
            .Node("Resize", {"x", "", "scales"}, {"y"},
                  {{"coordinate_transformation_mode", coordinates}, {"nearest_mode", rounding}})
            .Output("y"),
        Ramp({1, 1, 1, 2}));
  };
  EXPECT_THAT(run("asymmetric", "floor").floats(), ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(run("half_pixel", "round_prefer_floor").floats(), ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(run("asymmetric", "round_prefer_floor").floats(), ElementsAre(0, 0, 1, 1, 1, 1));
  EXPECT_THAT(RunNode(7, "Upsample", Ramp({1, 2}), {{"scales", std::vector<float>{2, 2}}}).floats(),
              ElementsAre(0, 0, 1, 1, 0, 0, 1, 1));
}

TEST(Import, QuantisesHalvesToEven) {
  const Tensor y =
      OutputOf(Encoder()
                   .Input("x", {6})
                   .Floats("s", {}, {2})
                   .Constant("z", onnx::DataType::kInt8, {}, std::vector<std::int8_t>{10})
                   .Node("QuantizeLinear", {"x", "s", "z"}, {"q"})
                   .Node("DequantizeLinear", {"q", "s", "z"}, {"y"})
                   .Output("y"),
               Floats({6}, {1, 3, 5, -1, 1000, -1000}));
  EXPECT_THAT(y.floats(), ElementsAre(0, 4, 4, 0, 234, -276));
}

TEST(Import, WritesOutTheQOperatorForm) {
  const Tensor y = OutputOf(
      Encoder()
          .Input("x", {1, 1, 1, 3})
          .Floats("sx", {}, {0.5F})
          .Constant("zx", onnx::DataType::kUint8, {}, std::vector<std::uint8_t>{1})
          .Constant("w", onnx::DataType::kInt8, {1, 1, 1, 2}, std::vector<std::int8_t>{2, -1})
          .Floats("sw", {1}, {2})
          .Constant("zw", onnx::DataType::kInt8, {1}, std::vector<std::int8_t>{0})
          .Floats("sy", {}, {1})
          .Constant("zy", onnx::DataType::kUint8, {}, std::vector<std::uint8_t>{3})
          .Constant("b", onnx::DataType::kInt32, {1}, std::vector<std::int32_t>{7})
          .Node("QuantizeLinear", {"x", "sx", "zx"}, {"q"})
          .Node("QLinearConv", {"q", "sx", "zx", "w", "sw", "zw", "sy", "zy", "b"}, {"c"})
          .Node("DequantizeLinear", {"c", "sy", "zy"}, {"y"})
          .Output("y"),
      Floats({1, 1, 1, 3}, {1, 2, 3}));
  // Integers 2, 4, 6: 2*2-4+7 = 7 and 2*4-6+7 = 9, in units of 1.
  EXPECT_THAT(y.floats(), ElementsAre(7, 9));
}

TEST(Import, KnowsTheOperatorsThatTheDocumentationLists) {
  const std::string page =
      Env::Default()->ReadFile(FOOTHOLD_SOURCE_DIR "/docs/concepts/network.md").value();
  for (const std::string_view name : KnownOperators()) {
    const std::string plain(name.substr(name.rfind('.') + 1));
    EXPECT_NE(page.find("`" + plain + "`"), std::string::npos) << plain;
  }
}

}  // namespace
}  // namespace foothold::network
