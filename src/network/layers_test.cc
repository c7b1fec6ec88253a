#include "network/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/import/import.h"
#include "network/passes/passes.h"
#include "network/testing/small_network.h"

namespace foothold::network {
namespace {

TEST(FindLayers, CountsLayersThatAreAlike) {
  Graph graph = Import(testing::SmallNetwork().Parse().value()).value();
  Simplify(graph);
  const Layers layers = FindLayers(graph, "small");
  ASSERT_EQ(layers.tunable.size(), 3U);
  EXPECT_EQ(layers.tunable[0].workload.name, "small.C1");
  // Pads 0 and 1 differ: the convolution runs without padding over the padded rows.
  EXPECT_EQ(ToInline(layers.tunable[0].workload), "conv2d:1x3x9x9,16,3x3,stride=2,bias");
  EXPECT_EQ(ToInline(layers.tunable[1].workload), "conv2d:1x16x4x4,16,3x3,pad=1,bias");
  EXPECT_EQ(layers.tunable[1].count(), 2);
  EXPECT_EQ(layers.tunable[2].workload.name, "small.D1");
  EXPECT_EQ(ToInline(layers.tunable[2].workload), "dense:1x16,10,bias");
  ASSERT_EQ(layers.other.size(), 1U);
  EXPECT_EQ(graph.nodes[layers.other[0].node].name, "the_grouped");
  EXPECT_EQ(layers.other[0].reason, "group is 16, must be 1");
}

TEST(FindLayers, PadsToTheBlocksOfATarget) {
  Graph graph = Import(testing::SmallNetwork().Parse().value()).value();
  Simplify(graph);
  const Layers layers = FindLayers(graph, "small", {.batch = 2, .channels = 16});
  EXPECT_EQ(ToInline(layers.tunable.at(0).workload), "conv2d:2x16x9x9,16,3x3,stride=2,bias");
  EXPECT_EQ(ToInline(layers.tunable.at(2).workload), "dense:2x16,16,bias");
}

TEST(NetworkName, IsTheFileWithoutFolderAndEnding) {
  EXPECT_EQ(NetworkName("models/mnist_cnn.onnx"), "mnist_cnn");
  EXPECT_EQ(NetworkName("a.b.onnx"), "a.b");
}

}  // namespace
}  // namespace foothold::network
