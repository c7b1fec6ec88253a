#include <gtest/gtest.h>

#include <cmath>

#include "foothold/rng.h"
#include "foothold/workload.h"

namespace foothold::workload {
namespace {

std::int64_t SizeBetween(Rng& rng, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(high - low + 1)));
}

float At(const std::vector<float>& values, std::int64_t index) {
  return values.at(static_cast<std::size_t>(index));
}

/// The definition, one output at a time, in double.
double TextbookConv2d(const Conv2d& conv, const FloatTensors& tensors, std::int64_t n,
                      std::int64_t o, std::int64_t oh, std::int64_t ow) {
  double sum = 0;
  for (std::int64_t c = 0; c < conv.in_channels; ++c)
    for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh)
      for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw) {
        const std::int64_t ih = oh * conv.stride_h + kh - conv.pad_h;
        const std::int64_t iw = ow * conv.stride_w + kw - conv.pad_w;
        if (ih < 0 || ih >= conv.height || iw < 0 || iw >= conv.width) continue;
        sum +=
            At(tensors.input, ((n * conv.in_channels + c) * conv.height + ih) * conv.width + iw) *
            At(tensors.weight,
               ((o * conv.in_channels + c) * conv.kernel_h + kh) * conv.kernel_w + kw);
      }
  return sum;
}

TEST(FloatReference, Conv2dEqualsTheTextbookOnRandomShapes) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    Conv2d conv;
    conv.batch = SizeBetween(rng, 1, 2);
    conv.in_channels = SizeBetween(rng, 1, 5);
    conv.out_channels = SizeBetween(rng, 1, 5);
    conv.kernel_h = SizeBetween(rng, 1, 4);
    conv.kernel_w = SizeBetween(rng, 1, 4);
    conv.pad_h = SizeBetween(rng, 0, 3);
    conv.pad_w = SizeBetween(rng, 0, 3);
    conv.stride_h = SizeBetween(rng, 1, 3);
    conv.stride_w = SizeBetween(rng, 1, 3);
    conv.height = SizeBetween(rng, 4, 9);
    conv.width = SizeBetween(rng, 4, 9);
    const Workload workload{"random", conv, {}, ElementType::kFloat32};
    ASSERT_TRUE(Validate(workload).ok()) << Validate(workload).message();
    const FloatTensors tensors = RandomFloatTensors(workload, seed);
    std::vector<float> expected;
    for (std::int64_t n = 0; n < conv.batch; ++n)
      for (std::int64_t o = 0; o < conv.out_channels; ++o)
        for (std::int64_t oh = 0; oh < conv.out_height(); ++oh)
          for (std::int64_t ow = 0; ow < conv.out_width(); ++ow)
            expected.push_back(static_cast<float>(TextbookConv2d(conv, tensors, n, o, oh, ow)));
    ASSERT_EQ(ReferenceFloatOutput(workload, tensors), expected)
        << "seed " << seed << ": " << ToString(workload);
  }
}

TEST(FloatReference, DenseEqualsTheTextbookOnRandomShapes) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    const Dense dense{SizeBetween(rng, 1, 9), SizeBetween(rng, 1, 300), SizeBetween(rng, 1, 9)};
    const Workload workload{"random", dense, {}, ElementType::kFloat32};
    const FloatTensors tensors = RandomFloatTensors(workload, seed);
    std::vector<float> expected;
    for (std::int64_t n = 0; n < dense.batch; ++n)
      for (std::int64_t o = 0; o < dense.out_features; ++o) {
        double sum = 0;
        for (std::int64_t i = 0; i < dense.in_features; ++i) {
          sum += At(tensors.input, n * dense.in_features + i) *
                 At(tensors.weight, o * dense.in_features + i);
        }
        expected.push_back(static_cast<float>(sum));
      }
    ASSERT_EQ(ReferenceFloatOutput(workload, tensors), expected) << "seed " << seed;
  }
}

TEST(RandomFloatTensors, KeepEverySumExact) {
  for (const std::int64_t products : {1, 7, 64, 576, 4608, 100'000, 1 << 20}) {
    const Workload workload{"long", Dense{1, products, 2}, {}, ElementType::kFloat32};
    const FloatTensors tensors = RandomFloatTensors(workload, 3);
    double largest_sum = 0, largest_input = 0;
    for (std::int64_t i = 0; i < products; ++i) {
      largest_sum += std::abs(At(tensors.input, i) * At(tensors.weight, i));
      largest_input = std::max<double>(largest_input, std::abs(At(tensors.input, i)));
    }
    EXPECT_LE(largest_sum, 1 << 24) << products;
    EXPECT_GT(largest_input, 0) << products;
  }
}

TEST(RandomFloatTensors, AreAFunctionOfShapesAndSeed) {
  const Workload workload{"a", Dense{3, 5, 7}, {}, ElementType::kFloat32};
  EXPECT_EQ(RandomFloatTensors(workload, 1).weight, RandomFloatTensors(workload, 1).weight);
  EXPECT_NE(RandomFloatTensors(workload, 1).weight, RandomFloatTensors(workload, 2).weight);
}

}  // namespace
}  // namespace foothold::workload
