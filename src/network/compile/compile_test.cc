#include "network/compile/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "network/compile/run.h"
#include "network/execute/execute.h"
#include "network/quantise/quantise.h"

namespace foothold::network {
namespace {

using ::testing::HasSubstr;

vta::VtaMachine Machine(const std::string& name) {
  return vta::FindMachine(*Env::Default(), name).value();
}

/// Builds float networks with random weights.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(std::uint64_t seed) : rng_(seed) {}

  ValueId Input(const Shape& shape) {
    const ValueId input = graph.Add({"x", DataType::kFloat, shape});
    graph.inputs = {input};
    return input;
  }
  ValueId Constant(const Shape& shape, double scale) {
    return graph.Add({Name("c"), DataType::kFloat, shape, Random(shape, scale)});
  }
  ValueId Node(Operation operation, std::vector<ValueId> inputs, const Shape& shape) {
    const std::string name = Name("v");
    const ValueId output = graph.Add({name, DataType::kFloat, shape});
    graph.nodes.push_back({name, std::move(operation), std::move(inputs), output});
    return output;
  }
  ValueId AddConv(ValueId x, std::int64_t out_channels, const Window& w, std::int64_t group = 1,
                  Clamp clamp = {}, ValueId residual = kNone) {
    const Shape in = graph.at(x).shape;
    const auto size = [](std::int64_t extent, std::int64_t pads, std::int64_t kernel,
                         std::int64_t dilation, std::int64_t stride) {
      return (extent + pads - (kernel - 1) * dilation - 1) / stride + 1;
    };
    const Shape out = {in[0], out_channels,
                       size(in[2], w.pad_top + w.pad_bottom, w.kernel_h, w.dilation_h, w.stride_h),
                       size(in[3], w.pad_left + w.pad_right, w.kernel_w, w.dilation_w, w.stride_w)};
    std::vector<ValueId> inputs = {
        x, Constant({out_channels, in[1] / group, w.kernel_h, w.kernel_w}, 0.3),
        rng_.Below(4) == 0 ? kNone : Constant({out_channels}, 1)};
    if (residual != kNone) inputs.push_back(residual);
    Conv conv{w, group, clamp};
    return Node(conv, std::move(inputs), out);
  }
  Tensor Random(const Shape& shape, double scale) {
    std::vector<float> values(Index(Elements(shape)));
    for (float& value : values) value = static_cast<float>(scale * (2 * rng_.Uniform() - 1));
    return Tensor(shape, std::move(values));
  }
  std::int64_t Below(std::uint64_t n) { return static_cast<std::int64_t>(rng_.Below(n)); }

  Graph graph;

 private:
  std::string Name(const char* prefix) { return prefix + std::to_string(graph.values.size()); }
  Rng rng_;
};

Window Square(std::int64_t kernel, std::int64_t stride, std::int64_t pad,
              std::int64_t dilation = 1) {
  return {kernel, kernel, stride, stride, dilation, dilation, pad, pad, pad, pad};
}

/// Compiles, runs, and compares every value that the host sees with the reference.
CompiledNetwork Check(NetworkBuilder& builder, ValueId output, const vta::VtaMachine& machine) {
  builder.graph.outputs = {output};
  const Shape shape = builder.graph.at(builder.graph.inputs[0]).shape;
  const std::vector<Tensor> samples = {builder.Random(shape, 2), builder.Random(shape, 2)};
  auto quantised = QuantiseForShifts(builder.graph, samples);
  EXPECT_TRUE(quantised.ok()) << quantised.status().message();
  auto compiled = Compile(std::move(quantised->graph), machine, {});
  EXPECT_TRUE(compiled.ok()) << compiled.status().message();
  for (const Tensor& sample : samples) {
    const Results expected = ExecuteAll(compiled->graph, {sample});
    const Results results = RunOnSimulator(*compiled, {sample}).values;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i]) continue;
      EXPECT_EQ(*results[i], *expected[i]) << compiled->graph.values[i].name;
    }
    EXPECT_TRUE(results[Index(compiled->graph.outputs[0])].has_value());
  }
  return std::move(compiled).value();
}

std::vector<std::string> OnHost(const CompiledNetwork& compiled) {
  std::vector<std::string> names;
  for (const HostNode& host : compiled.host) {
    names.emplace_back(OperationName(compiled.graph.nodes[host.node].operation));
  }
  return names;
}

const std::vector<std::string> kEndsOnly = {"quantize", "dequantize"};

TEST(CompileTest, AChainOfConvolutionsPoolsAndDenseLayers) {
  NetworkBuilder b(1);
  ValueId v = b.Input({1, 3, 17, 19});
  v = b.AddConv(v, 24, Square(5, 2, 2), 1, {0, 6});
  v = b.AddConv(v, 40, Square(3, 1, 1), 1, {0, 1e9F});
  v = b.Node(MaxPool{{3, 3, 2, 2, 1, 1, 1, 1, 1, 1}}, {v}, {1, 40, 5, 5});
  v = b.Node(Reshape{}, {v}, {1, 1000});
  v = b.Node(Dense{}, {v, b.Constant({50, 1000}, 0.1), b.Constant({50}, 1)}, {1, 50});
  v = b.Node(Dense{.weight_is_in_out = true}, {v, b.Constant({50, 10}, 0.3), kNone}, {1, 10});
  const CompiledNetwork compiled = Check(b, v, Machine("pynq"));
  EXPECT_EQ(OnHost(compiled), kEndsOnly);
  EXPECT_EQ(compiled.runs.size(), 1U);
  EXPECT_EQ(compiled.device.size(), 5U);
}

TEST(CompileTest, Residuals) {
  NetworkBuilder b(2);
  const ValueId x = b.Input({1, 16, 8, 8});
  const ValueId a = b.AddConv(x, 32, Square(3, 1, 1), 1, {0, 1e9F});
  const ValueId c = b.AddConv(a, 32, Square(3, 1, 1), 1, {0, 1e9F}, a);
  const ValueId d = b.AddConv(c, 32, Square(1, 2, 0));
  const ValueId e = b.AddConv(c, 32, Square(3, 2, 1));
  const ValueId sum = b.Node(Binary{.clamp = {0, 1e9F}}, {d, e}, {1, 32, 4, 4});
  const ValueId twice = b.Node(Binary{}, {sum, sum}, {1, 32, 4, 4});
  const CompiledNetwork compiled =
      Check(b, b.Node(Clip{{-1, 1}}, {twice}, {1, 32, 4, 4}), Machine("pynq"));
  EXPECT_EQ(OnHost(compiled), kEndsOnly);
}

TEST(CompileTest, GroupsDepthwiseDilationAndUnevenPadding) {
  NetworkBuilder b(3);
  ValueId v = b.Input({1, 48, 9, 10});
  v = b.AddConv(v, 48, Square(3, 1, 1), 48, {0, 6});
  v = b.AddConv(v, 96, Square(3, 1, 1), 3);
  v = b.AddConv(v, 40, Square(1, 1, 0), 8);
  v = b.AddConv(v, 20, {3, 2, 2, 1, 1, 2, 0, 1, 1, 0});
  v = b.AddConv(v, 16, Square(3, 1, 2, 2));
  EXPECT_EQ(OnHost(Check(b, v, Machine("pynq"))), kEndsOnly);
}

TEST(CompileTest, ConcatenatesWholeBlocksOfChannels) {
  NetworkBuilder b(4);
  const ValueId x = b.Input({1, 4, 6, 6});
  const ValueId l = b.AddConv(x, 32, Square(1, 1, 0));
  const ValueId r = b.AddConv(x, 20, Square(3, 1, 1));
  const ValueId both = b.Node(Concat{1}, {l, r}, {1, 52, 6, 6});
  EXPECT_EQ(OnHost(Check(b, b.AddConv(both, 8, Square(1, 1, 0)), Machine("pynq"))), kEndsOnly);
}

TEST(CompileTest, WhatTheTargetCannotRunIsDoneByTheHostBetweenTwoRuns) {
  NetworkBuilder b(5);
  ValueId v = b.AddConv(b.Input({1, 3, 8, 8}), 16, Square(3, 1, 1));
  v = b.Node(Sigmoid{}, {v}, {1, 16, 8, 8});
  v = b.AddConv(v, 16, Square(3, 1, 1));
  const ValueId transposed = b.Node(Transpose{{0, 2, 3, 1}}, {v}, {1, 8, 8, 16});
  const CompiledNetwork compiled = Check(b, transposed, Machine("pynq"));
  EXPECT_EQ(compiled.runs.size(), 2U);
  EXPECT_THAT(OnHost(compiled), ::testing::ElementsAre("quantize", "dequantize", "sigmoid",
                                                       "quantize", "transpose", "dequantize"));
  EXPECT_THAT(compiled.host[4].reason, HasSubstr("the VTA has no transpose"));
}

TEST(CompileTest, OtherGeometriesAndChisel) {
  for (const char* name : {"pynq-4x8", "tsim"}) {
    SCOPED_TRACE(name);
    NetworkBuilder b(6);
    ValueId v = b.Input({2, 3, 10, 10});
    v = b.AddConv(v, 20, Square(3, 1, 1), 1, {0, 6});
    const ValueId skip = v;
    v = b.AddConv(v, 20, Square(3, 1, 1), 1, {0, 6}, skip);
    v = b.Node(MaxPool{Square(2, 2, 0)}, {v}, {2, 20, 5, 5});
    v = b.AddConv(v, 20, Square(3, 1, 1), 20);
    v = b.Node(Reshape{}, {v}, {2, 500});
    v = b.Node(Dense{}, {v, b.Constant({10, 500}, 0.2), kNone}, {2, 10});
    EXPECT_EQ(OnHost(Check(b, v, Machine(name))), kEndsOnly);
  }
}

/// Schedules that nobody measured on this layer: the compiler's own is taken where it is faster.
TEST(CompileTest, NoScheduleOfALogMakesALayerSlower) {
  const std::uint64_t seed = 20261130;
  SCOPED_TRACE(seed);
  NetworkBuilder b(seed);
  const ValueId v = b.AddConv(b.Input({1, 16, 12, 12}), 32, Square(3, 1, 1), 1, {0, 1e9F});
  const std::string name = b.graph.at(v).name;
  const CompiledNetwork own = Check(b, v, Machine("pynq"));
  EXPECT_FALSE(own.device[0].is_tuned);
  Rng rng(seed);
  std::size_t tuned = 0;
  for (int round = 0; round < 60; ++round) {
    const std::int64_t tiles[] = {1, 2, 3, 4, 6, 12, 5};
    const vta::ExtendedSchedule schedule = {.h = tiles[rng.Below(7)],
                                            .w = tiles[rng.Below(7)],
                                            .co = 1 + static_cast<std::int64_t>(rng.Below(2)),
                                            .skip_padding = rng.Below(2) == 0,
                                            .split_transfers = rng.Below(2) == 0};
    const auto compiled = Compile(own.graph, own.machine, {{name, schedule}});
    ASSERT_TRUE(compiled.ok()) << compiled.status().message();
    EXPECT_LE(compiled->device[0].cycles, own.device[0].cycles) << compiled->device[0].schedule;
    if (compiled->device[0].is_tuned) ++tuned;
  }
  EXPECT_LT(tuned, 60U);
}

/// Shapes that nobody chose.
TEST(CompileTest, RandomNetworks) {
  for (std::uint64_t seed = 100; seed < 130; ++seed) {
    SCOPED_TRACE(seed);
    NetworkBuilder b(seed);
    ValueId v = b.Input({1, 1 + b.Below(20), 4 + b.Below(12), 4 + b.Below(12)});
    for (std::int64_t i = b.Below(4); i >= 0; --i) {
      const Shape in = b.graph.at(v).shape;
      const std::int64_t kernel = 1 + b.Below(4);
      const Window window = {kernel, 1 + b.Below(4), 1 + b.Below(3), 1 + b.Below(3), 1,
                             1,      b.Below(2),     b.Below(2),     b.Below(3),     b.Below(3)};
      if (in[2] < 4 || in[3] < 4) break;
      const std::int64_t group = b.Below(3) == 0 ? in[1] : 1;
      v = b.AddConv(v, group > 1 ? in[1] * (1 + b.Below(2)) : 1 + b.Below(60), window, group,
                    b.Below(2) == 0 ? Clamp{} : Clamp{0, 3});
    }
    const Shape shape = b.graph.at(v).shape;
    const std::int64_t features = shape[1] * shape[2] * shape[3];
    v = b.Node(Reshape{}, {v}, {1, features});
    v = b.Node(Dense{}, {v, b.Constant({1 + b.Below(40), features}, 0.2), kNone}, {1, 0});
    b.graph.at(v).shape[1] = b.graph.at(b.graph.nodes.back().inputs[1]).shape[0];
    Check(b, v, Machine("pynq"));
  }
}

}  // namespace
}  // namespace foothold::network
