#include "network/execute/execute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "network/execute/kernels.h"

namespace foothold::network {
namespace {

using ::testing::ElementsAre;

/// x -> clip -> a; a and x -> add -> y.
Graph Diamond() {
  Graph graph;
  const ValueId x = graph.Add({"x", DataType::kFloat, {3}});
  const ValueId a = graph.Add({"a", DataType::kFloat, {3}});
  const ValueId y = graph.Add({"y", DataType::kFloat, {3}});
  graph.inputs = {x};
  graph.outputs = {y, a};
  graph.nodes.push_back({"clip", Clip{{.low = 0}}, {x}, a});
  graph.nodes.push_back({"add", Binary{.clamp = {.high = 5}}, {a, x}, y});
  return graph;
}

TEST(Execute, KeepsWhatIsStillNeeded) {
  const Tensor x({3}, std::vector<float>{-1, 2, 4});
  const auto outputs = Execute(Diamond(), {x});
  EXPECT_THAT(outputs.at(0).floats(), ElementsAre(-1, 4, 5));
  EXPECT_THAT(outputs.at(1).floats(), ElementsAre(0, 2, 4));
}

TEST(Execute, GivesEveryValueWhenAsked) {
  const Results all = ExecuteAll(Diamond(), {Tensor({3}, std::vector<float>{-1, 2, 4})});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_THAT(all[1]->floats(), ElementsAre(0, 2, 4));
}

/// The convolution as its definition reads, one output after the other.
std::vector<std::int64_t> PlainConv(const Conv& conv, const Shape& xs,
                                    const std::vector<std::int32_t>& x, const Shape& ws,
                                    const std::vector<std::int32_t>& w, const Shape& out) {
  std::vector<std::int64_t> sums;
  ForEachPosition(out, [&](const std::vector<std::int64_t>& at, std::int64_t) {
    std::int64_t sum = 0;
    const std::int64_t first = at[1] / (out[1] / conv.group) * ws[1];
    ForEachPosition({ws[1], ws[2], ws[3]}, [&](const std::vector<std::int64_t>& k, std::int64_t) {
      const std::int64_t row =
          at[2] * conv.window.stride_h - conv.window.pad_top + k[1] * conv.window.dilation_h;
      const std::int64_t column =
          at[3] * conv.window.stride_w - conv.window.pad_left + k[2] * conv.window.dilation_w;
      if (row < 0 || row >= xs[2] || column < 0 || column >= xs[3]) return;
      const std::int64_t from = ((at[0] * xs[1] + first + k[0]) * xs[2] + row) * xs[3] + column;
      const std::int64_t weight = ((at[1] * ws[1] + k[0]) * ws[2] + k[1]) * ws[3] + k[2];
      sum += std::int64_t{x[static_cast<std::size_t>(from)]} * w[static_cast<std::size_t>(weight)];
    });
    sums.push_back(sum);
  });
  return sums;
}

TEST(ConvSums, AgreeWithTheDefinition) {
  constexpr std::uint64_t kSeed = 3;
  SCOPED_TRACE("seed 3");
  Rng rng(kSeed);
  const auto size = [&](std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(most - least + 1)));
  };
  const auto random = [&](const Shape& shape) {
    std::vector<std::int32_t> values(static_cast<std::size_t>(Elements(shape)));
    for (auto& value : values) value = static_cast<std::int32_t>(rng.Below(255)) - 127;
    return values;
  };
  for (int i = 0; i < 60; ++i) {
    Conv conv;
    conv.group = size(1, 3);
    Window& w = conv.window;
    w = {size(1, 3), size(1, 4), size(1, 3), size(1, 3), size(1, 2),
         size(1, 2), size(0, 3), size(0, 3), size(0, 3), size(0, 3)};
    const Shape xs = {size(1, 2), conv.group * size(1, 3), size(5, 8), size(7, 9)};
    const Shape ws = {conv.group * size(1, 2), xs[1] / conv.group, w.kernel_h, w.kernel_w};
    const auto outputs = [](std::int64_t in, std::int64_t pads, std::int64_t kernel,
                            std::int64_t dilation, std::int64_t stride) {
      return (in + pads - (kernel - 1) * dilation - 1) / stride + 1;
    };
    const Shape out = {
        xs[0], ws[0],
        outputs(xs[2], w.pad_top + w.pad_bottom, w.kernel_h, w.dilation_h, w.stride_h),
        outputs(xs[3], w.pad_left + w.pad_right, w.kernel_w, w.dilation_w, w.stride_w)};
    const auto x = random(xs);
    const auto weight = random(ws);
    ASSERT_EQ(ConvSums(conv, xs, x, ws, weight, out), PlainConv(conv, xs, x, ws, weight, out));
  }
}

}  // namespace
}  // namespace foothold::network
