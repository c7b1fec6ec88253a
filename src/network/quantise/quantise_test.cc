#include "network/quantise/quantise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "foothold/rng.h"
#include "network/execute/execute.h"
#include "network/quantise/exponents.h"

namespace foothold::network {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kSeed = 21;

Tensor Random(Rng& rng, const Shape& shape, double scale) {
  std::vector<float> values(static_cast<std::size_t>(Elements(shape)));
  for (float& value : values) value = static_cast<float>(scale * (2 * rng.Uniform() - 1));
  return Tensor(shape, std::move(values));
}

const Shape kMap = {1, 2, 5, 5};
const Conv kConv = {.window = {.kernel_h = 3,
                               .kernel_w = 3,
                               .pad_top = 1,
                               .pad_left = 1,
                               .pad_bottom = 1,
                               .pad_right = 1}};

/// conv -> relu; conv over that plus that; max-pool; dense; softmax.
Graph FloatNetwork() {
  Rng rng(kSeed);
  Graph graph;
  const auto constant = [&](const std::string& name, const Shape& shape, double scale) {
    return graph.Add({name, DataType::kFloat, shape, Random(rng, shape, scale)});
  };
  const auto node = [&](Operation operation, std::vector<ValueId> inputs, const Shape& shape) {
    const std::string name = "v" + std::to_string(graph.nodes.size());
    const ValueId output = graph.Add({name, DataType::kFloat, shape});
    graph.nodes.push_back({name, std::move(operation), std::move(inputs), output});
    return output;
  };
  const ValueId x = graph.Add({"x", DataType::kFloat, kMap});
  graph.inputs = {x};
  Conv first = kConv;
  first.clamp.low = 0;
  const ValueId a =
      node(first, {x, constant("w1", {2, 2, 3, 3}, 0.4), constant("b1", {2}, 0.5)}, kMap);
  Conv second = kConv;
  second.clamp.low = 0;
  const ValueId b =
      node(second, {a, constant("w2", {2, 2, 3, 3}, 0.3), constant("b2", {2}, 0.5), a}, kMap);
  const ValueId pool = node(MaxPool{{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}},
                            {b}, {1, 2, 2, 2});
  const ValueId flat = node(Reshape{}, {pool}, {1, 8});
  const ValueId logits = node(Dense{}, {flat, constant("w3", {3, 8}, 1), kNone}, {1, 3});
  graph.outputs = {node(Softmax{1, 1}, {logits}, {1, 3})};
  return graph;
}

std::vector<Tensor> Samples(int count) {
  Rng rng(kSeed + 1);
  std::vector<Tensor> samples;
  for (int i = 0; i < count; ++i) samples.push_back(Random(rng, kMap, 1));
  return samples;
}

int ExponentOf(const Graph& graph, ValueId value) {
  return std::ilogb(graph.at(value).quantisation->scales.at(0));
}

/// What VTA computes: `(sum + bias + (residual << j) + half) >> shift`, at least `least`.
std::vector<std::int8_t> ByShifts(const Graph& graph, const Node& node, const Results& results) {
  const auto integers = [&](std::size_t input, std::int64_t index) {
    return results[static_cast<std::size_t>(node.inputs[input])]->IntegerAt(index);
  };
  const int unit = ExponentOf(graph, node.inputs[0]) + ExponentOf(graph, node.inputs[1]);
  const int shift = ExponentOf(graph, node.output) - unit;
  EXPECT_GE(shift, 0);
  std::vector<std::int8_t> outputs;
  for (std::int64_t index = 0; index < 2 * 5 * 5; ++index) {
    const std::int64_t channel = index / 25;
    const std::int64_t row = index % 25 / 5;
    const std::int64_t column = index % 5;
    std::int64_t sum = integers(2, channel);
    for (std::int64_t tap = 0; tap < 18; ++tap) {
      const std::int64_t y = row + tap % 9 / 3 - 1;
      const std::int64_t x = column + tap % 3 - 1;
      if (y < 0 || y > 4 || x < 0 || x > 4) continue;
      sum += integers(0, tap / 9 * 25 + y * 5 + x) * integers(1, channel * 18 + tap);
    }
    if (node.inputs.size() > 3) {
      const int j = ExponentOf(graph, node.inputs[3]) - unit;
      EXPECT_GE(j, 0);
      sum += integers(3, index) * (std::int64_t{1} << j);
    }
    if (shift > 0) sum = (sum + (std::int64_t{1} << (shift - 1))) >> shift;
    outputs.push_back(static_cast<std::int8_t>(std::clamp<std::int64_t>(sum, 0, 127)));
  }
  return outputs;
}

TEST(QuantiseForShifts, ComputesWithShiftsAlone) {
  const auto quantised = QuantiseForShifts(FloatNetwork(), Samples(4)).value();
  const Graph& graph = quantised.graph;
  int convolutions = 0;
  for (const Tensor& sample : Samples(3)) {
    const Results results = ExecuteAll(graph, {sample});
    for (const Node& node : graph.nodes) {
      if (!std::holds_alternative<Conv>(node.operation)) continue;
      ++convolutions;
      EXPECT_EQ(results[static_cast<std::size_t>(node.output)]->values<std::int8_t>(),
                ByShifts(graph, node, results));
    }
  }
  EXPECT_EQ(convolutions, 6);
}

TEST(QuantiseForShifts, StaysCloseToTheFloatNetwork) {
  const Graph floats = FloatNetwork();
  const auto quantised = QuantiseForShifts(floats, Samples(4)).value();
  const Quality quality = Compare(floats, quantised, Samples(20));
  EXPECT_EQ(quality.samples, 20);
  EXPECT_GE(quality.agree, 18);
  ASSERT_EQ(quality.layers.size(), 3U);
  for (const auto& layer : quality.layers) EXPECT_GT(layer.signal_to_noise_db, 25) << layer.node;
}

TEST(QuantiseForShifts, LeavesToFloatWhatShiftsCannotCompute) {
  const auto quantised = QuantiseForShifts(FloatNetwork(), Samples(1)).value();
  const Node& softmax = quantised.graph.nodes.back();
  EXPECT_EQ(OperationName(softmax.operation), "softmax");
  EXPECT_EQ(quantised.graph.at(softmax.inputs[0]).type, DataType::kFloat);
}

TEST(QuantiseForShifts, TakesClampsWhereThereAreNoSamples) {
  EXPECT_THAT(QuantiseForShifts(FloatNetwork(), {}).status().message(),
              HasSubstr("nothing says how large the numbers of 'x' are: give samples"));
}

/// As QDQ files have it: what is beyond the first clamp does not matter.
TEST(QuantiseForShifts, NeedsNoSamplesOfAnInputThatIsClampedFirst) {
  Graph graph;
  const ValueId x = graph.Add({"x", DataType::kFloat, {4}});
  const ValueId y = graph.Add({"y", DataType::kFloat, {4}});
  const ValueId z = graph.Add({"z", DataType::kFloat, {4}});
  graph.inputs = {x};
  graph.outputs = {z};
  graph.nodes.push_back({"to6", Clip{{-6, 6}}, {x}, y});
  graph.nodes.push_back({"twice", Binary{.clamp = {-20, 10}}, {y, y}, z});
  const auto quantised = QuantiseForShifts(graph, {});
  ASSERT_TRUE(quantised.ok()) << quantised.status().message();
  const auto outputs =
      Execute(quantised->graph, {Tensor({4}, std::vector<float>{-100, 1.01F, 4, 5.5F})});
  EXPECT_THAT(outputs.at(0).floats(), ::testing::ElementsAre(-12, 2, 8, 10));
}

int ExponentFor(const std::vector<float>& numbers) {
  Histogram histogram;
  for (const float number : numbers) histogram.Add(number);
  return BestExponent(histogram, 1);
}

TEST(BestExponent, WeighsWhatItCutsOffAgainstWhatItRounds) {
  // 1 is just beyond the 127 steps of 2^-7.
  EXPECT_EQ(ExponentFor({1, -0.5F}), -6);
  EXPECT_EQ(ExponentFor({1.5F, 0.01F}), -6);
  EXPECT_EQ(ExponentFor({100, 0}), 0);
  // One number a little above the range of 2^-7 against many that need its steps.
  std::vector<float> many(10'000, 0.0117F);
  many.push_back(1.01F);
  EXPECT_EQ(ExponentFor(many), -7);
  EXPECT_EQ(ExponentFor({0, 0}), -7);
}

TEST(HistogramTest, SaysWhatAScaleLoses) {
  Histogram histogram;
  EXPECT_EQ(histogram.RelativeError(1), 0);
  // The sizes come in an order in which it must grow.
  for (const double number : {0.25, -3.0, 1000.0, 0.0, 40.0}) histogram.Add(number);
  EXPECT_EQ(histogram.largest(), 1000);
  // 8 * 127 holds all: 0.25 and 3 become 0, 40 and 1000 stay.
  const double energy = 0.25 * 0.25 + 9 + 1e6 + 1600;
  EXPECT_NEAR(histogram.RelativeError(8), (0.25 * 0.25 + 9) / energy, 1e-6);
  // 127 is what is left of 1000.
  EXPECT_NEAR(histogram.RelativeError(1), 873.0 * 873 / energy, 1e-4);
}

TEST(QuantiseForShifts, GivesRatiosToWeights) {
  const Graph floats = FloatNetwork();
  // With few samples, the scale that fits them best says little.
  const auto powers = QuantiseForShifts(floats, Samples(40)).value();
  EXPECT_THAT(powers.units, ::testing::Each(1.0F));
  const auto ratios = QuantiseForShifts(floats, Samples(40), {Scales::kRatio}).value();
  EXPECT_THAT(ratios.units, ::testing::Contains(::testing::Gt(1.0F)));
  EXPECT_THAT(ratios.units, ::testing::Each(::testing::Lt(2.0F)));
  // Integers are still shifted alone.
  for (const Node& node : ratios.graph.nodes) {
    if (!std::holds_alternative<Conv>(node.operation)) continue;
    const Results results = ExecuteAll(ratios.graph, {Samples(1)[0]});
    EXPECT_EQ(results[static_cast<std::size_t>(node.output)]->values<std::int8_t>(),
              ByShifts(ratios.graph, node, results));
  }
  const auto noise = [&](const QuantisedNetwork& network) {
    double sum = 0;
    for (const auto& layer : Compare(floats, network, Samples(20)).layers) {
      sum += std::pow(10, -layer.signal_to_noise_db / 10);
    }
    return sum;
  };
  EXPECT_LT(noise(ratios), noise(powers));
}

}  // namespace
}  // namespace foothold::network
