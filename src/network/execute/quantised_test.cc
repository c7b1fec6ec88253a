#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/execute/execute.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

using ::testing::ElementsAre;

Quantisation Scaled(float scale, std::int32_t zero_point) { return {{scale}, {zero_point}, 0}; }

TEST(Quantised, RoundsHalvesToEvenAndSaturates) {
  const Tensor x({6}, std::vector<float>{0.5F, 1.5F, 2.5F, -0.5F, 500, -500});
  EXPECT_THAT(ApplyQuantize(Scaled(1, 0), DataType::kInt8, x).values<std::int8_t>(),
              ElementsAre(0, 2, 2, 0, 127, -128));
  EXPECT_THAT(ApplyQuantize(Scaled(1, 7), DataType::kUint8, x).values<std::uint8_t>(),
              ElementsAre(7, 9, 9, 7, 255, 0));
}

TEST(Quantised, ScalesEachChannel) {
  const Quantisation per_channel{{1, 10}, {0, 1}, 1};
  const Tensor x({1, 2, 2}, std::vector<std::int8_t>{1, 2, 3, 4});
  EXPECT_THAT(ApplyDequantize(per_channel, x).floats(), ElementsAre(1, 2, 20, 30));
}

/// A 1x1 convolution over integers, whose values say what they stand for.
Tensor RunConv(const std::vector<std::int8_t>& x, const std::vector<std::int8_t>& w,
               const Quantisation& weight, std::int32_t bias, const Clamp& clamp,
               const Quantisation& out) {
  Graph graph;
  const auto columns = static_cast<std::int64_t>(x.size());
  const auto channels = static_cast<std::int64_t>(w.size());
  const ValueId in = graph.Add({"x", DataType::kInt8, {1, 1, 1, columns}});
  graph.at(in).quantisation = Scaled(0.5F, 3);
  const ValueId weights =
      graph.Add({"w", DataType::kInt8, {channels, 1, 1, 1}, Tensor({channels, 1, 1, 1}, w)});
  graph.at(weights).quantisation = weight;
  const ValueId b = graph.Add({"b",
                               DataType::kInt32,
                               {channels},
                               Tensor({channels}, std::vector<std::int32_t>(w.size(), bias))});
  const ValueId y = graph.Add({"y", DataType::kInt8, {1, channels, 1, columns}});
  graph.at(y).quantisation = out;
  graph.inputs = {in};
  graph.outputs = {y};
  graph.nodes.push_back({"conv", Conv{.window = {}, .clamp = clamp}, {in, weights, b}, y});
  return Execute(graph, {Tensor({1, 1, 1, columns}, x)}).at(0);
}

TEST(Quantised, SumsIntegersWithoutTheirZeroPoints) {
  // (5 - 3) * 4 + 6 = 14 units of 0.5 * 0.25; 14 * 0.125 = 1.75, which is 7 quarters.
  EXPECT_THAT(
      RunConv({5, 3}, {4}, Scaled(0.25F, 0), 6, {}, Scaled(0.25F, -10)).values<std::int8_t>(),
      ElementsAre(-3, -7));
}

TEST(Quantised, KnowsTheScaleOfEachOutputChannel) {
  EXPECT_THAT(RunConv({5}, {4, 4}, {{0.25F, 2.5F}, {0, 0}, 0}, 0, {}, Scaled(0.25F, 0))
                  .values<std::int8_t>(),
              ElementsAre(4, 40));
}

TEST(Quantised, ClampsRealNumbers) {
  EXPECT_THAT(RunConv({13, -7}, {4}, Scaled(0.25F, 0), 0, {.low = 0, .high = 2}, Scaled(0.25F, 5))
                  .values<std::int8_t>(),
              ElementsAre(13, 5));
}

TEST(Quantised, AddsWhatDifferentScalesStandFor) {
  Graph graph;
  const ValueId a = graph.Add({"a", DataType::kInt8, {2}});
  const ValueId b = graph.Add({"b", DataType::kUint8, {2}});
  const ValueId y = graph.Add({"y", DataType::kInt8, {2}});
  graph.at(a).quantisation = Scaled(0.5F, 0);
  graph.at(b).quantisation = Scaled(2, 100);
  graph.at(y).quantisation = Scaled(1, 1);
  graph.inputs = {a, b};
  graph.outputs = {y};
  graph.nodes.push_back({"add", Binary{}, {a, b}, y});
  const auto out = Execute(graph, {Tensor({2}, std::vector<std::int8_t>{4, -10}),
                                   Tensor({2}, std::vector<std::uint8_t>{101, 99})});
  EXPECT_THAT(out.at(0).values<std::int8_t>(), ElementsAre(5, -6));
}

}  // namespace
}  // namespace foothold::network
