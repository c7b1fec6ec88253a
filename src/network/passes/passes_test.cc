#include "network/passes/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "network/execute/execute.h"

namespace foothold::network {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;

/// A graph that grows node by node, with random constants.
class Builder {
 public:
  explicit Builder(std::uint64_t seed) : rng_(seed) {}

  ValueId Input(const Shape& shape) {
    graph.inputs.push_back(graph.Add({"x", DataType::kFloat, shape}));
    return graph.inputs.back();
  }
  ValueId Constant(const Shape& shape, double low = -1) {
    return graph.Add({"c", DataType::kFloat, shape, Random(shape, low)});
  }
  ValueId Node(Operation operation, std::vector<ValueId> inputs, const Shape& shape) {
    const ValueId output = graph.Add({"v", DataType::kFloat, shape});
    graph.nodes.push_back({"n", std::move(operation), std::move(inputs), output});
    return output;
  }
  Tensor Random(const Shape& shape, double low = -1) {
    std::vector<float> values(static_cast<std::size_t>(Elements(shape)));
    for (float& value : values) value = static_cast<float>(low + (1 - low) * rng_.Uniform());
    return Tensor(shape, std::move(values));
  }

  Graph graph;

 private:
  Rng rng_;
};

/// That the outputs stay what they are, and how many nodes are left.
void ExpectSame(const Graph& before, const Graph& after, std::size_t nodes) {
  Builder builder(99);
  const Tensor x = builder.Random(before.at(before.inputs[0]).shape);
  EXPECT_EQ(after.nodes.size(), nodes);
  EXPECT_THAT(Execute(after, {x}).at(0).floats(),
              Pointwise(FloatNear(1e-4F), Execute(before, {x}).at(0).floats()));
}

const Shape kMap = {1, 3, 4, 4};
const Conv kConv = {.window = {.kernel_h = 3,
                               .kernel_w = 3,
                               .pad_top = 1,
                               .pad_left = 1,
                               .pad_bottom = 1,
                               .pad_right = 1}};

/// conv, batch norm, relu; again; plus the input; relu.
Graph Residual() {
  Builder b(1);
  const ValueId x = b.Input(kMap);
  ValueId v = x;
  for (int i = 0; i < 2; ++i) {
    v = b.Node(kConv, {v, b.Constant({3, 3, 3, 3}), kNone}, kMap);
    v = b.Node(BatchNorm{},
               {v, b.Constant({3}), b.Constant({3}), b.Constant({3}), b.Constant({3}, 0.1)}, kMap);
    if (i == 0) v = b.Node(Clip{{.low = 0}}, {v}, kMap);
  }
  v = b.Node(Binary{}, {x, v}, kMap);
  b.graph.outputs = {b.Node(Clip{{.low = 0, .high = 6}}, {v}, kMap)};
  return b.graph;
}

TEST(Passes, FoldBatchNormIntoWeightAndBias) {
  Graph graph = Residual();
  EXPECT_EQ(FoldBatchNorm(graph), 2);
  ExpectSame(Residual(), graph, 5);
}

TEST(Passes, SimplifyAResidualBlockToItsConvolutions) {
  Graph graph = Residual();
  Simplify(graph);
  ExpectSame(Residual(), graph, 2);
  const auto& last = graph.nodes.back();
  EXPECT_EQ(last.inputs.size(), 4U);
  EXPECT_TRUE((std::get<Conv>(last.operation).clamp == Clamp{0, 6}));
  // Weights that nothing uses any more are gone: the input, 2 weights, 2 biases, 2 results.
  EXPECT_EQ(graph.values.size(), 7U);
}

TEST(Passes, KeepABatchNormWhoseInputOthersUse) {
  Builder b(2);
  const ValueId c = b.Node(kConv, {b.Input(kMap), b.Constant({3, 3, 3, 3}), kNone}, kMap);
  const ValueId n =
      b.Node(BatchNorm{},
             {c, b.Constant({3}), b.Constant({3}), b.Constant({3}), b.Constant({3}, 0.1)}, kMap);
  b.graph.outputs = {b.Node(Binary{}, {c, n}, kMap)};
  Graph graph = b.graph;
  EXPECT_EQ(FoldBatchNorm(graph), 0);
}

TEST(Passes, FoldAnAddedConstantIntoTheBias) {
  Builder b(3);
  ValueId v = b.Node(kConv, {b.Input(kMap), b.Constant({3, 3, 3, 3}), kNone}, kMap);
  v = b.Node(Binary{}, {v, b.Constant({3, 1, 1})}, kMap);
  v = b.Node(Mean{{2, 3}}, {v}, {1, 3});
  v = b.Node(Dense{.weight_is_in_out = true}, {v, b.Constant({3, 5}), kNone}, {1, 5});
  b.graph.outputs = {b.Node(Binary{}, {b.Constant({5}), v}, {1, 5})};
  Graph graph = b.graph;
  EXPECT_EQ(FoldBias(graph), 2);
  ExpectSame(b.graph, graph, 3);
}

TEST(Passes, KeepAnAddedConstantThatIsNoBias) {
  Builder b(4);
  const ValueId v = b.Node(kConv, {b.Input(kMap), b.Constant({3, 3, 3, 3}), kNone}, kMap);
  b.graph.outputs = {b.Node(Binary{}, {v, b.Constant({4})}, kMap)};
  Graph graph = b.graph;
  EXPECT_EQ(FoldBias(graph), 0);
}

TEST(Passes, ComposeClips) {
  Builder b(5);
  ValueId v = b.Node(kConv, {b.Input(kMap), b.Constant({3, 3, 3, 3}), kNone}, kMap);
  v = b.Node(Clip{{.low = 0}}, {v}, kMap);
  b.graph.outputs = {b.Node(Clip{{.low = -1, .high = 0.5F}}, {v}, kMap)};
  Graph graph = b.graph;
  Simplify(graph);
  ExpectSame(b.graph, graph, 1);
}

TEST(Passes, DoNotClipWhatOthersUse) {
  Builder b(6);
  const ValueId v = b.Node(kConv, {b.Input(kMap), b.Constant({3, 3, 3, 3}), kNone}, kMap);
  const ValueId r = b.Node(Clip{{.low = 0}}, {v}, kMap);
  b.graph.outputs = {b.Node(Binary{.kind = Binary::Kind::kMultiply}, {v, r}, kMap)};
  Graph graph = b.graph;
  Simplify(graph);
  ExpectSame(b.graph, graph, 3);
}

/// Two convolutions of the same input added: the later one takes the earlier one's result.
TEST(Passes, FuseAProjectedShortcut) {
  Builder b(7);
  const ValueId x = b.Input(kMap);
  const ValueId first = b.Node(kConv, {x, b.Constant({3, 3, 3, 3}), kNone}, kMap);
  const ValueId second = b.Node(kConv, {x, b.Constant({3, 3, 3, 3}), b.Constant({3})}, kMap);
  b.graph.outputs = {b.Node(Binary{}, {second, first}, kMap)};
  Graph graph = b.graph;
  EXPECT_EQ(FuseResidual(graph), 1);
  ExpectSame(b.graph, graph, 2);
}

TEST(Passes, FoldConstantsButNotThoseThatGrow) {
  Builder b(8);
  const ValueId c = b.Node(Clip{{.low = 0}}, {b.Constant({300})}, {300});
  const ValueId large = b.Node(Binary{}, {c, b.Constant({300, 1})}, {300, 300});
  b.graph.outputs = {b.Node(Binary{}, {large, b.Input({300})}, {300, 300})};
  Graph graph = b.graph;
  EXPECT_EQ(FoldConstants(graph), 1);
  EXPECT_EQ(graph.nodes.size(), 2U);
}

/// x -> quantize -> dequantize -> conv -> quantize -> dequantize, with a weight of int8.
Graph QuantisedConv() {
  Builder b(9);
  const auto scale = [&](float s) {
    return b.graph.Add({"s", DataType::kFloat, {}, Tensor({}, std::vector<float>{s})});
  };
  const auto zero = [&](std::int8_t z) {
    return b.graph.Add({"z", DataType::kInt8, {}, Tensor({}, std::vector<std::int8_t>{z})});
  };
  const ValueId x = b.Input(kMap);
  const ValueId sx = scale(0.01F);
  const ValueId zx = zero(-5);
  const ValueId q = b.Node(Quantize{}, {x, sx, zx}, kMap);
  b.graph.at(q).type = DataType::kInt8;
  const ValueId r = b.Node(Dequantize{}, {q, sx, zx}, kMap);
  std::vector<std::int8_t> weights(81);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 255) - 127);
  }
  const ValueId w8 =
      b.graph.Add({"w", DataType::kInt8, {3, 3, 3, 3}, Tensor({3, 3, 3, 3}, weights)});
  const ValueId sw =
      b.graph.Add({"sw", DataType::kFloat, {3}, Tensor({3}, std::vector<float>{.01F, .02F, .03F})});
  const ValueId w = b.Node(Dequantize{0}, {w8, sw, kNone}, {3, 3, 3, 3});
  const ValueId bias = b.Constant({3});
  const ValueId c = b.Node(kConv, {r, w, bias}, kMap);
  const ValueId relu = b.Node(Clip{{.low = 0}}, {c}, kMap);
  const ValueId sy = scale(0.05F);
  const ValueId zy = zero(-100);
  const ValueId qy = b.Node(Quantize{}, {relu, sy, zy}, kMap);
  b.graph.at(qy).type = DataType::kInt8;
  b.graph.outputs = {b.Node(Dequantize{}, {qy, sy, zy}, kMap)};
  return b.graph;
}

TEST(Passes, AveragesBecomeConvolutions) {
  Builder b(11);
  const ValueId x = b.Input({1, 3, 4, 6});
  const ValueId pooled =
      b.Node(AveragePool{{.kernel_h = 2, .kernel_w = 2, .stride_w = 2}}, {x}, {1, 3, 3, 3});
  const ValueId padded =
      b.Node(AveragePool{{.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1}, true},
             {pooled}, {1, 3, 3, 1});
  b.graph.outputs = {b.Node(Mean{{2, 3}}, {padded}, {1, 3})};
  Graph graph = b.graph;
  EXPECT_EQ(ReplaceAverages(graph), 3);
  ExpectSame(b.graph, graph, 4);  // and a reshape for the axes that the mean dropped
}

TEST(Passes, AveragesWithSeveralDivisorsStay) {
  Builder b(12);
  const ValueId x = b.Input({1, 3, 4, 4});
  const ValueId pooled =
      b.Node(AveragePool{{.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1}}, {x},
             {1, 3, 4, 2});
  b.graph.outputs = {b.Node(Mean{{1}}, {pooled}, {1, 4, 2})};
  Graph graph = b.graph;
  EXPECT_EQ(ReplaceAverages(graph), 0);
  ExpectSame(b.graph, graph, 2);
}

TEST(Passes, PutAConvolutionOverIntegers) {
  Graph graph = QuantisedConv();
  Simplify(graph);
  EXPECT_EQ(FuseQuantised(graph), 1);
  RemoveUnused(graph);
  ASSERT_EQ(graph.nodes.size(), 3U);  // quantize, conv, dequantize
  const Node& conv = graph.nodes[1];
  EXPECT_EQ(graph.at(conv.inputs[0]).type, DataType::kInt8);
  EXPECT_EQ(graph.at(conv.inputs[2]).type, DataType::kInt32);
  EXPECT_EQ(graph.at(conv.output).quantisation->zero_points.at(0), -100);
  Builder random(10);
  const Tensor x = random.Random(kMap);
  const auto before = Execute(QuantisedConv(), {x}).at(0).floats();
  const auto after = Execute(graph, {x}).at(0).floats();
  // A bias that was rounded to units of the sums may tip a value over.
  EXPECT_THAT(after, Pointwise(FloatNear(0.0501F), before));
}

TEST(EqualiseChannels, MakesWeightsAlikeAndKeepsWhatIsComputed) {
  Graph graph;
  const auto constant = [&](const Shape& shape, std::vector<float> numbers) {
    return graph.Add({"c", DataType::kFloat, shape, Tensor(shape, std::move(numbers))});
  };
  const ValueId x = graph.Add({"x", DataType::kFloat, {1, 2, 1, 2}});
  const ValueId y = graph.Add({"y", DataType::kFloat, {1, 2, 1, 2}});
  const ValueId z = graph.Add({"z", DataType::kFloat, {1, 2, 1, 2}});
  const ValueId out = graph.Add({"out", DataType::kFloat, {1, 1, 1, 2}});
  graph.inputs = {x};
  graph.outputs = {out};
  // The second channel's weights are a hundredth of the first's, then a hundred times as large.
  const Clamp relu = {.low = 0};
  graph.nodes = {{"a",
                  Conv{{}, 1, relu},
                  {x, constant({2, 2, 1, 1}, {1, -2, 0.02F, 0.01F}), constant({2}, {0.5F, 0.005F})},
                  y},
                 {"depthwise", Conv{{}, 2, relu}, {y, constant({2, 1, 1, 1}, {1, 3}), kNone}, z},
                 {"b", Conv{{}, 1}, {z, constant({1, 2, 1, 1}, {0.01F, 1}), kNone}, out}};
  const Tensor sample({1, 2, 1, 2}, std::vector<float>{1, 2, -0.5F, 3});
  const Tensor before = Execute(graph, {sample}).at(0);
  EXPECT_EQ(EqualiseChannels(graph), 2);
  const Tensor after = Execute(graph, {sample}).at(0);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(after.floats()[i], before.floats()[i], 1e-5);
  const auto& last = graph.at(graph.nodes[2].inputs[1]).constant->floats();
  EXPECT_GT(last[0] / last[1], 0.1);
  const auto& first = graph.at(graph.nodes[0].inputs[1]).constant->floats();
  EXPECT_LT(std::fabs(first[1] / first[2]), 20);
}

TEST(EqualiseChannels, LeavesChannelsWithABoundAlone) {
  Graph graph;
  const auto constant = [&](std::vector<float> numbers) {
    const Shape shape = {2, 2, 1, 1};
    return graph.Add({"c", DataType::kFloat, shape, Tensor(shape, std::move(numbers))});
  };
  const ValueId x = graph.Add({"x", DataType::kFloat, {1, 2, 1, 1}});
  const ValueId y = graph.Add({"y", DataType::kFloat, {1, 2, 1, 1}});
  const ValueId z = graph.Add({"z", DataType::kFloat, {1, 2, 1, 1}});
  graph.inputs = {x};
  graph.outputs = {z};
  graph.nodes = {{"a", Conv{{}, 1, {0, 6}}, {x, constant({1, 2, 0.1F, 0.1F}), kNone}, y},
                 {"b", Conv{{}, 1}, {y, constant({1, 9, 1, 9}), kNone}, z}};
  EXPECT_EQ(EqualiseChannels(graph), 0);
}

}  // namespace
}  // namespace foothold::network
