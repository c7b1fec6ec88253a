#include <gtest/gtest.h>

#include <algorithm>

#include "foothold/rng.h"
#include "foothold/workload.h"

namespace foothold::workload {
namespace {

/// int8 at a position of an NCHW tensor, 0 in the padding: the definition, with no thought of
/// speed.
std::int64_t At(const std::vector<std::int8_t>& input, const Conv2d& conv, std::int64_t n,
                std::int64_t c, std::int64_t h, std::int64_t w) {
  if (h < 0 || h >= conv.height || w < 0 || w >= conv.width) return 0;
  return input.at(
      static_cast<std::size_t>(((n * conv.in_channels + c) * conv.height + h) * conv.width + w));
}

/// The last steps in 64-bit arithmetic with floor division instead of shifts.
std::int8_t TextbookRequantize(std::int64_t sum, std::int64_t bias, const Requantize& requantize) {
  const std::int64_t divisor = std::int64_t{1} << requantize.shift;
  std::int64_t value = sum / divisor;
  if (sum < 0 && sum % divisor != 0) --value;
  value += bias;
  if (value > requantize.clip_max) value = requantize.clip_max;
  if (value < requantize.clip_min) value = requantize.clip_min;
  return static_cast<std::int8_t>(value);
}

std::int64_t BiasAt(const Workload& workload, const Tensors& tensors, std::int64_t channel) {
  return workload.requantize.bias ? tensors.bias.at(static_cast<std::size_t>(channel)) : 0;
}

std::vector<std::int8_t> TextbookConv2d(const Workload& workload, const Tensors& tensors) {
  const auto& conv = std::get<Conv2d>(workload.op);
  const std::int64_t channels = conv.in_channels / conv.groups;
  std::vector<std::int8_t> output;
  for (std::int64_t n = 0; n < conv.batch; ++n)
    for (std::int64_t o = 0; o < conv.out_channels; ++o)
      for (std::int64_t y = 0; y < conv.out_height(); ++y)
        for (std::int64_t x = 0; x < conv.out_width(); ++x) {
          std::int64_t sum = 0;
          const std::int64_t group = o / (conv.out_channels / conv.groups);
          for (std::int64_t i = 0; i < channels; ++i)
            for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh)
              for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw) {
                const std::int8_t weight = tensors.weight.at(static_cast<std::size_t>(
                    ((o * channels + i) * conv.kernel_h + kh) * conv.kernel_w + kw));
                sum += weight * At(tensors.input, conv, n, group * channels + i,
                                   y * conv.stride_h + kh - conv.pad_h,
                                   x * conv.stride_w + kw - conv.pad_w);
              }
          output.push_back(
              TextbookRequantize(sum, BiasAt(workload, tensors, o), workload.requantize));
        }
  return output;
}

std::vector<std::int8_t> TextbookDense(const Workload& workload, const Tensors& tensors) {
  const auto& dense = std::get<Dense>(workload.op);
  std::vector<std::int8_t> output;
  for (std::int64_t n = 0; n < dense.batch; ++n)
    for (std::int64_t o = 0; o < dense.out_features; ++o) {
      std::int64_t sum = 0;
      for (std::int64_t i = 0; i < dense.in_features; ++i)
        sum += std::int64_t{tensors.input.at(static_cast<std::size_t>(n * dense.in_features + i))} *
               tensors.weight.at(static_cast<std::size_t>(o * dense.in_features + i));
      output.push_back(TextbookRequantize(sum, BiasAt(workload, tensors, o), workload.requantize));
    }
  return output;
}

std::int64_t Between(Rng& rng, std::int64_t min, std::int64_t max) {
  return min + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(max - min + 1)));
}

Requantize RandomRequantize(Rng& rng) {
  Requantize requantize;
  requantize.shift = Between(rng, 0, 31);
  requantize.bias = rng.Below(2) == 0;
  requantize.clip_max = Between(rng, -128, 127);
  requantize.clip_min = Between(rng, -128, requantize.clip_max);
  if (rng.Below(2) == 0) requantize = {6, requantize.bias, 127, -128};  // lets most bits through
  return requantize;
}

Workload RandomConv2d(Rng& rng) {
  Conv2d conv;
  conv.batch = Between(rng, 1, 3);
  conv.in_channels = Between(rng, 1, 4);
  conv.out_channels = Between(rng, 1, 4);
  conv.kernel_h = Between(rng, 1, 7);
  conv.kernel_w = Between(rng, 1, 7);
  conv.pad_h = Between(rng, 0, 8);  // also more than the kernel: rows of nothing but padding
  conv.pad_w = Between(rng, 0, 8);
  conv.stride_h = Between(rng, 1, 5);
  conv.stride_w = Between(rng, 1, 5);
  conv.height = Between(rng, std::max<std::int64_t>(1, conv.kernel_h - 2 * conv.pad_h), 12);
  conv.width = Between(rng, std::max<std::int64_t>(1, conv.kernel_w - 2 * conv.pad_w), 12);
  return {"random", conv, RandomRequantize(rng)};
}

TEST(Reference, Conv2dEqualsTheTextbookOnRandomShapes) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    Rng rng(seed);
    const Workload workload = RandomConv2d(rng);
    ASSERT_TRUE(Validate(workload).ok()) << Validate(workload).message() << ", seed " << seed;
    const Tensors tensors = RandomTensors(workload, seed);
    ASSERT_EQ(ReferenceOutput(workload, tensors), TextbookConv2d(workload, tensors))
        << "seed " << seed << ": " << ToString(workload);
  }
}

TEST(Reference, Conv2dEqualsTheTextbookForEveryKernelStrideAndPad) {
  Rng rng(1);
  for (std::int64_t kernel = 1; kernel <= 7; ++kernel)
    for (std::int64_t stride = 1; stride <= 3; ++stride)
      for (std::int64_t pad = 0; pad <= kernel; ++pad) {
        Workload workload = RandomConv2d(rng);
        auto& conv = std::get<Conv2d>(workload.op);
        conv.height = 9;
        conv.width = 7;
        conv.kernel_h = conv.kernel_w = kernel;
        conv.stride_h = conv.stride_w = stride;
        conv.pad_h = conv.pad_w = pad;
        const Tensors tensors = RandomTensors(workload, 1);
        ASSERT_EQ(ReferenceOutput(workload, tensors), TextbookConv2d(workload, tensors))
            << ToString(workload);
      }
}

/// Also other padding below and right, and several groups.
TEST(Reference, Conv2dEqualsTheTextbookForGroupsAndUnevenPadding) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    Workload workload = RandomConv2d(rng);
    auto& conv = std::get<Conv2d>(workload.op);
    conv.groups = Between(rng, 1, 4);
    conv.in_channels *= conv.groups;
    conv.out_channels *= conv.groups;
    conv.pad_bottom = Between(rng, -1, 4);
    conv.pad_right = Between(rng, -1, 4);
    if (!Validate(workload).ok()) continue;  // the kernel no longer fits
    const Tensors tensors = RandomTensors(workload, seed);
    ASSERT_EQ(ReferenceOutput(workload, tensors), TextbookConv2d(workload, tensors))
        << "seed " << seed << ": " << ToString(workload);
  }
}

/// The conv2d that a transposed one is: of the input spread over `stride` positions, with the
/// kernel turned by 180 degrees.
std::pair<Workload, Tensors> AsConv2d(const Workload& transposed, const Tensors& tensors) {
  const auto& op = std::get<Conv2dTranspose>(transposed.op);
  Conv2d conv;
  conv.batch = op.batch;
  conv.in_channels = op.in_channels;
  conv.out_channels = op.out_channels;
  conv.kernel_h = op.kernel_h;
  conv.kernel_w = op.kernel_w;
  conv.height = (op.height - 1) * op.stride_h + 1;
  conv.width = (op.width - 1) * op.stride_w + 1;
  conv.pad_h = op.kernel_h - 1 - op.pad_h;
  conv.pad_w = op.kernel_w - 1 - op.pad_w;
  Workload workload = transposed;
  workload.op = conv;
  Tensors spread = tensors;
  spread.input.assign(static_cast<std::size_t>(InputSize(workload)), 0);
  std::size_t from = 0;
  for (std::int64_t plane = 0; plane < op.batch * op.in_channels; ++plane)
    for (std::int64_t y = 0; y < op.height; ++y)
      for (std::int64_t x = 0; x < op.width; ++x)
        spread.input.at(static_cast<std::size_t>(
            (plane * conv.height + y * op.stride_h) * conv.width + x * op.stride_w)) =
            tensors.input.at(from++);
  const std::int64_t kernel = op.kernel_h * op.kernel_w;
  for (std::int64_t o = 0; o < op.out_channels; ++o)
    for (std::int64_t i = 0; i < op.in_channels; ++i)
      for (std::int64_t k = 0; k < kernel; ++k)
        spread.weight.at(static_cast<std::size_t>((o * op.in_channels + i) * kernel + k)) =
            tensors.weight.at(
                static_cast<std::size_t>((i * op.out_channels + o + 1) * kernel - 1 - k));
  return {workload, spread};
}

TEST(Reference, Conv2dTransposeIsTheConv2dOfTheSpreadInput) {
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Rng rng(seed);
    Conv2dTranspose op;
    for (std::int64_t* size : {&op.batch, &op.in_channels, &op.out_channels, &op.height, &op.width,
                               &op.kernel_h, &op.kernel_w, &op.stride_h, &op.stride_w})
      *size = Between(rng, 1, 5);
    op.pad_h = Between(rng, 0, op.kernel_h - 1);
    op.pad_w = Between(rng, 0, op.kernel_w - 1);
    const Workload workload{"random", op, RandomRequantize(rng)};
    if (!Validate(workload).ok()) continue;  // nothing is left of the output
    const Tensors tensors = RandomTensors(workload, seed);
    const auto [conv, spread] = AsConv2d(workload, tensors);
    ASSERT_EQ(OutputSize(conv), OutputSize(workload));
    ASSERT_EQ(ReferenceOutput(workload, tensors), TextbookConv2d(conv, spread))
        << "seed " << seed << ": " << ToString(workload);
    ++checked;
  }
  EXPECT_GE(checked, 300);
}

TEST(Reference, DenseEqualsTheTextbookOnRandomShapes) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    Dense dense;
    dense.batch = Between(rng, 1, 5);
    dense.in_features = Between(rng, 1, 70);
    dense.out_features = Between(rng, 1, 20);
    const Workload workload{"random", dense, RandomRequantize(rng)};
    const Tensors tensors = RandomTensors(workload, seed);
    ASSERT_EQ(ReferenceOutput(workload, tensors), TextbookDense(workload, tensors))
        << "seed " << seed << ": " << ToString(workload);
  }
}

/// A dense operator with one output, whose accumulator is easy to see.
std::int8_t OneOutput(const std::vector<std::int8_t>& input, const std::vector<std::int8_t>& weight,
                      const std::vector<std::int32_t>& bias, Requantize requantize) {
  Dense dense;
  dense.in_features = static_cast<std::int64_t>(input.size());
  requantize.bias = !bias.empty();
  const std::vector<std::int8_t> output =
      ReferenceOutput({"one", dense, requantize}, {input, weight, bias});
  EXPECT_EQ(output.size(), 1U);
  return output[0];
}

TEST(Reference, ShiftsTowardsMinusInfinityBeforeTheBias) {
  const Requantize open{1, false, 127, -128};
  EXPECT_EQ(OneOutput({-1}, {1}, {}, open), -1);  // -1 >> 1, not -1 / 2
  EXPECT_EQ(OneOutput({-3}, {1}, {}, open), -2);
  EXPECT_EQ(OneOutput({5}, {1}, {}, open), 2);
  EXPECT_EQ(OneOutput({4}, {1}, {10}, open), 12);     // (4 >> 1) + 10
  EXPECT_EQ(OneOutput({100}, {100}, {}, open), 127);  // min with clip_max
  EXPECT_EQ(OneOutput({100}, {-100}, {}, {1, false, 127, 3}), 3);
}

TEST(Reference, AccumulatorWrapsAt32Bits) {
  // 131,072 products of 2^14 are 2^31, which wraps to -2^31; one product less does not.
  std::vector<std::int8_t> ones(131'072, -128);
  const Requantize top{24, false, 127, -128};
  EXPECT_EQ(OneOutput(ones, ones, {}, top), -128);
  ones.pop_back();
  EXPECT_EQ(OneOutput(ones, ones, {}, top), 127);
}

TEST(Reference, BiasWrapsToo) {
  EXPECT_EQ(OneOutput({1}, {1}, {INT32_MAX}, {0, false, 127, -128}), -128);
}

TEST(RandomTensors, AreAFunctionOfShapesAndSeed) {
  Rng rng(7);
  Workload workload = RandomConv2d(rng);
  workload.requantize.bias = true;
  const Tensors first = RandomTensors(workload, 3);
  EXPECT_EQ(static_cast<std::int64_t>(first.input.size()), InputSize(workload));
  EXPECT_EQ(static_cast<std::int64_t>(first.weight.size()), WeightSize(workload));
  EXPECT_EQ(static_cast<std::int64_t>(first.bias.size()), BiasSize(workload));
  const Tensors other_seed = RandomTensors(workload, 4);
  EXPECT_NE(first.weight, other_seed.weight);

  Workload renamed = workload;
  renamed.name = "another";
  renamed.requantize.bias = false;
  const Tensors again = RandomTensors(renamed, 3);
  EXPECT_EQ(first.input, again.input);
  EXPECT_EQ(first.weight, again.weight);
  EXPECT_TRUE(again.bias.empty());
}

TEST(RandomTensors, CoverTheirRanges) {
  Dense dense;
  dense.in_features = 20'000;
  dense.out_features = 10'000;
  dense.batch = 1;
  Workload workload{"wide", dense, {}};
  std::get<Dense>(workload.op).out_features = 3;
  const Tensors tensors = RandomTensors(workload, 1);
  const auto [low, high] = std::minmax_element(tensors.input.begin(), tensors.input.end());
  EXPECT_EQ(*low, -128);
  EXPECT_EQ(*high, 127);

  dense.in_features = 1;
  workload.op = dense;
  workload.requantize.bias = true;
  const Tensors biased = RandomTensors(workload, 1);
  const auto [least, most] = std::minmax_element(biased.bias.begin(), biased.bias.end());
  EXPECT_EQ(*least, -64);
  EXPECT_EQ(*most, 63);
}

// Verification is as strong as the outputs that are not clipped: half are below zero, and few may
// be above the top.
TEST(RandomTensors, LeaveMostOutputsUnclipped) {
  for (const char* layer : {"resnet18.C4", "resnet18.C8", "lstm"}) {
    const auto found = FindWorkloads(layer);
    ASSERT_TRUE(found.ok()) << found.status().message();
    const Workload& workload = found->front();
    const auto output = ReferenceOutput(workload, RandomTensors(workload, 1));
    const auto inside =
        std::count_if(output.begin(), output.end(), [](std::int8_t v) { return v > 0 && v < 127; });
    EXPECT_GT(static_cast<double>(inside), 0.4 * static_cast<double>(output.size())) << layer;
  }
}

}  // namespace
}  // namespace foothold::workload
