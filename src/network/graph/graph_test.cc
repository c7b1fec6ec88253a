#include "network/graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace foothold::network {
namespace {

using ::testing::ElementsAre;

/// x [1,4,5,5] -> conv to 6 channels in 2 groups -> dense over the columns.
Graph SmallGraph() {
  Graph graph;
  const ValueId x = graph.Add({"x", DataType::kFloat, {1, 4, 5, 5}});
  const ValueId w = graph.Add(
      {"w", DataType::kFloat, {6, 2, 3, 3}, Tensor({6, 2, 3, 3}, std::vector<float>(108))});
  const ValueId b = graph.Add({"b", DataType::kFloat, {6}, Tensor({6}, std::vector<float>(6))});
  const ValueId c = graph.Add({"c", DataType::kFloat, {1, 6, 3, 3}});
  const ValueId q =
      graph.Add({"q", DataType::kInt8, {7, 3}, Tensor({7, 3}, std::vector<std::int8_t>(21))});
  const ValueId s = graph.Add({"s", DataType::kFloat, {}, Tensor({}, std::vector<float>{0.5F})});
  const ValueId v = graph.Add({"v", DataType::kFloat, {7, 3}});
  const ValueId y = graph.Add({"y", DataType::kFloat, {1, 6, 3, 7}});
  graph.inputs = {x};
  graph.outputs = {y};
  graph.nodes.push_back(
      {"conv", Conv{.window = {.kernel_h = 3, .kernel_w = 3}, .group = 2}, {x, w, b}, c});
  graph.nodes.push_back({"weights", Dequantize{}, {q, s, kNone}, v});
  graph.nodes.push_back({"dense", Dense{}, {c, v, kNone}, y});
  return graph;
}

TEST(Graph, KnowsWhoMakesAndWhoUsesAValue) {
  const Graph graph = SmallGraph();
  EXPECT_THAT(Makers(graph), ElementsAre(-1, -1, -1, 0, -1, -1, 1, 2));
  EXPECT_THAT(UseCounts(graph), ElementsAre(1, 1, 1, 1, 1, 1, 1, 1));
  EXPECT_EQ(graph.Input(graph.nodes[0], 1)->name, "w");
  EXPECT_EQ(graph.Input(graph.nodes[1], 2), nullptr);
  EXPECT_EQ(graph.Input(graph.nodes[1], 3), nullptr);
}

TEST(Graph, CountsWorkAndParameters) {
  const Graph graph = SmallGraph();
  const auto makers = Makers(graph);
  EXPECT_EQ(MacCount(graph, graph.nodes[0]), 6 * 3 * 3 * 2 * 3 * 3);
  EXPECT_EQ(MacCount(graph, graph.nodes[1]), 0);
  EXPECT_EQ(MacCount(graph, graph.nodes[2]), 6 * 3 * 7 * 3);
  EXPECT_EQ(ParameterCount(graph, makers, graph.nodes[0]), 108 + 6);
  EXPECT_EQ(ParameterCount(graph, makers, graph.nodes[1]), 0);
  EXPECT_EQ(ParameterCount(graph, makers, graph.nodes[2]), 21);
}

TEST(Operation, DescribesWhatIsNotInTheShapes) {
  Conv conv;
  conv.window = {.kernel_h = 3, .kernel_w = 5, .stride_h = 2, .stride_w = 2, .pad_bottom = 1};
  conv.group = 8;
  conv.clamp = {.low = 0, .high = 6};
  EXPECT_EQ(Describe(conv), "3x5, stride 2, pads 0,0,1,0, group 8, at least 0, at most 6");
  EXPECT_EQ(OperationName(conv), "conv");
  EXPECT_EQ(Describe(Reshape{}), "");
  EXPECT_EQ(OperationName(Binary{.kind = Binary::Kind::kDivide}), "divide");
}

TEST(Tensor, SharesItsElements) {
  const Tensor tensor({2, 3}, std::vector<std::int32_t>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(tensor.type(), DataType::kInt32);
  EXPECT_EQ(tensor.IntegerAt(4), 5);
  const Tensor reshaped = tensor.Reshaped({6});
  EXPECT_EQ(&reshaped.values<std::int32_t>(), &tensor.values<std::int32_t>());
  EXPECT_FALSE(reshaped == tensor);
  EXPECT_EQ(ToString(tensor.shape()), "2x3");
  EXPECT_EQ(ToString(Shape{}), "scalar");
}

}  // namespace
}  // namespace foothold::network
