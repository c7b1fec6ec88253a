#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/workload.h"

namespace foothold::workload {
namespace {

using ::testing::ElementsAre;

TEST(Networks, AreListedInAlphabeticalOrder) {
  EXPECT_THAT(BuiltinNetworks(), ElementsAre("autoencoder", "cnn", "deepbench", "gemm", "lstm",
                                             "mlp", "mobilenet-v1", "resnet18", "resnet18-float32",
                                             "resnet34", "resnet50", "resnet8", "vgg16"));
}

TEST(Networks, EveryLayerIsValidAndFoundByItsName) {
  for (const std::string& network : BuiltinNetworks()) {
    const auto layers = FindWorkloads(network);
    ASSERT_TRUE(layers.ok());
    for (const Workload& layer : *layers) {
      EXPECT_TRUE(Validate(layer).ok()) << layer.name;
      EXPECT_EQ(layer.name.rfind(network + ".", 0), 0U) << layer.name;
      const auto found = FindWorkloads(layer.name);
      ASSERT_TRUE(found.ok()) << found.status().message();
      EXPECT_THAT(*found, ElementsAre(layer));
    }
  }
}

TEST(Networks, Resnet18HasItsTenConvolutions) {
  const auto layers = *FindWorkloads("resnet18");
  ASSERT_EQ(layers.size(), 10U);
  // OH, and operations in units of 10^8, of docs/reference/vta-and-autotvm.md#resnet-18.
  const std::int64_t out_height[] = {56, 28, 28, 28, 14, 14, 14, 7, 7, 7};
  const double giga_operations[] = {0.2312, 0.1156, 0.0128, 0.2312, 0.1156,
                                    0.0128, 0.2312, 0.1156, 0.0128, 0.2312};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    EXPECT_EQ(layers[i].name, "resnet18.C" + std::to_string(i + 2));
    EXPECT_EQ(std::get<Conv2d>(layers[i].op).out_height(), out_height[i]) << layers[i].name;
    EXPECT_NEAR(static_cast<double>(OperationCount(layers[i])) / 1e9, giga_operations[i], 5e-5);
  }
}

TEST(Networks, Resnet18InFloat32HasTheFirstConvolutionToo) {
  const auto layers = *FindWorkloads("resnet18-float32");
  ASSERT_EQ(layers.size(), 11U);
  EXPECT_EQ(ToString(layers[0]), "conv2d 1x3x224x224 -> 64, 7x7, pad 3, stride 2, float32");
  EXPECT_EQ(layers[7].op, FindWorkloads("resnet18.C8")->front().op);
}

/// The multiply-accumulates of a network whose layers run this often; its first convolution without
/// the channels that were filled up.
double GigaMacs(const std::string& network, const std::vector<std::int64_t>& counts) {
  const auto layers = *FindWorkloads(network);
  EXPECT_EQ(layers.size(), counts.size()) << network;
  double macs = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Workload layer = layers[i];
    if (i == 0) std::get<Conv2d>(layer.op).in_channels = 3;
    macs += static_cast<double>(counts[i] * MacCount(layer));
  }
  return macs / 1e9;
}

/// What is known of these networks, MobileNet's without its 17.4 million of depthwise convolutions;
/// 8 classes that were filled up hardly matter.
TEST(Networks, WholeNetworksHaveTheMultiplyAccumulatesTheyAreKnownFor) {
  EXPECT_NEAR(GigaMacs("resnet34", {1, 6, 1, 1, 7, 1, 1, 11, 1, 1, 5, 1}), 3.664, 0.001);
  EXPECT_NEAR(GigaMacs("resnet50",
                       {1, 1, 3, 4, 2, 1, 1, 4, 1, 3, 3, 1, 1, 6, 1, 5, 5, 1, 1, 3, 1, 2, 2, 1}),
              4.089, 0.001);
  EXPECT_NEAR(GigaMacs("vgg16", {1, 1, 1, 1, 1, 2, 1, 2, 3, 1, 1, 1}), 15.470, 0.001);
  EXPECT_NEAR(GigaMacs("mobilenet-v1", {1, 1, 1, 1, 1, 1, 1, 5, 1, 1, 1}), 0.5687 - 0.0174, 0.001);
}

TEST(Networks, GemmIsSquare) {
  EXPECT_EQ(ToString(FindWorkloads("gemm.512")->front()), "dense 512x512 -> 512, float32");
}

TEST(Networks, LstmIsADense) {
  EXPECT_EQ(ToString(FindWorkloads("lstm.dense")->front()), "dense 1x256 -> 128");
}

TEST(Networks, UnknownNamesListTheKnownOnes) {
  const Status network = FindWorkloads("resnet19").status();
  EXPECT_EQ(network.code(), StatusCode::kNotFound);
  EXPECT_EQ(
      network.message(),
      "there is no network or layer \"resnet19\" (did you mean resnet18?); the networks are "
      "autoencoder, cnn, deepbench, gemm, lstm, mlp, mobilenet-v1, resnet18, resnet18-float32, "
      "resnet34, resnet50, resnet8, vgg16; a layer is named like \"resnet18.C8\"");
  const Status layer = FindWorkloads("resnet18.C1").status();
  EXPECT_EQ(layer.code(), StatusCode::kNotFound);
  EXPECT_EQ(
      layer.message(),
      "there is no layer \"resnet18.C1\" (did you mean resnet18.C2?); the layers of resnet18 are "
      "resnet18.C2, resnet18.C3, resnet18.C4, resnet18.C5, resnet18.C6, resnet18.C7, resnet18.C8, "
      "resnet18.C9, resnet18.C10, resnet18.C11");
}

}  // namespace
}  // namespace foothold::workload
