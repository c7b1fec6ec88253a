// The plain reference implementations: what every target's output is compared with.

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "foothold/rng.h"
#include "foothold/workload.h"

namespace foothold {
namespace {

/// int32 that wraps: signed overflow would be undefined.
using Accumulator = std::uint32_t;

std::vector<std::int8_t> RandomBytes(std::int64_t count, Rng& rng) {
  std::vector<std::int8_t> bytes(static_cast<std::size_t>(count));
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    word = i % 8 == 0 ? rng.Next() : word >> 8;
    bytes[i] = static_cast<std::int8_t>(word & 0xff);
  }
  return bytes;
}

/// The output positions [first, last) at which the input position
/// `output * stride + offset` lies within [0, size).
struct Range {
  std::int64_t first;
  std::int64_t last;
};
Range InsideInput(std::int64_t offset, std::int64_t stride, std::int64_t size,
                  std::int64_t outputs) {
  const std::int64_t first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  const std::int64_t last = offset >= size ? 0 : (size - 1 - offset) / stride + 1;
  return {first, std::min(last, outputs)};
}

Accumulator Product(std::int8_t a, std::int8_t b) { return static_cast<Accumulator>(a * b); }
float Product(float a, float b) { return a * b; }

/// sum[x] += weight * input[x * stride] for `count` x.
template <typename Element, typename Sum>
void AddScaledRow(std::int64_t count, Element weight, const Element* input, std::int64_t stride,
                  Sum* sum) {
  if (stride == 1) {  // the same loop, in the form that compilers vectorise
    for (std::int64_t x = 0; x < count; ++x) sum[x] += Product(weight, input[x]);
    return;
  }
  for (std::int64_t x = 0; x < count; ++x) sum[x] += Product(weight, input[x * stride]);
}

/// Adds to `sums` (out_height x out_width) what one input plane contributes through one kernel.
template <typename Element, typename Sum>
void AddPlane(const Conv2d& conv, const Element* input, const Element* kernel, Sum* sums) {
  for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh) {
    const std::int64_t row_offset = kh - conv.pad_h;
    const Range rows = InsideInput(row_offset, conv.stride_h, conv.height, conv.out_height());
    for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw) {
      const std::int64_t column_offset = kw - conv.pad_w;
      const Range columns = InsideInput(column_offset, conv.stride_w, conv.width, conv.out_width());
      if (columns.first >= columns.last) continue;
      const Element weight = kernel[kh * conv.kernel_w + kw];
      for (std::int64_t oh = rows.first; oh < rows.last; ++oh) {
        const std::int64_t ih = oh * conv.stride_h + row_offset;
        const std::int64_t iw = columns.first * conv.stride_w + column_offset;
        AddScaledRow(columns.last - columns.first, weight, input + ih * conv.width + iw,
                     conv.stride_w, sums + oh * conv.out_width() + columns.first);
      }
    }
  }
}

/// All accumulators, in the layout of the output.
template <typename Sum, typename AnyTensors>
std::vector<Sum> Accumulate(const Conv2d& conv, const AnyTensors& tensors) {
  const std::int64_t in_plane = conv.height * conv.width;
  const std::int64_t out_plane = conv.out_height() * conv.out_width();
  const std::int64_t kernel_size = conv.kernel_h * conv.kernel_w;
  std::vector<Sum> sums(static_cast<std::size_t>(conv.batch * conv.out_channels * out_plane));
  for (std::int64_t n = 0; n < conv.batch; ++n) {
    for (std::int64_t o = 0; o < conv.out_channels; ++o) {
      for (std::int64_t i = 0; i < conv.in_channels; ++i) {
        AddPlane(conv, tensors.input.data() + (n * conv.in_channels + i) * in_plane,
                 tensors.weight.data() + (o * conv.in_channels + i) * kernel_size,
                 sums.data() + (n * conv.out_channels + o) * out_plane);
      }
    }
  }
  return sums;
}

std::vector<Accumulator> Accumulate(const Dense& dense, const Tensors& tensors) {
  std::vector<Accumulator> sums;
  sums.reserve(static_cast<std::size_t>(dense.batch * dense.out_features));
  for (std::int64_t n = 0; n < dense.batch; ++n) {
    const std::int8_t* input = tensors.input.data() + n * dense.in_features;
    for (std::int64_t o = 0; o < dense.out_features; ++o) {
      const std::int8_t* weight = tensors.weight.data() + o * dense.in_features;
      Accumulator sum = 0;
      for (std::int64_t i = 0; i < dense.in_features; ++i) sum += Product(input[i], weight[i]);
      sums.push_back(sum);
    }
  }
  return sums;
}

/// Row by row of the transposed weights, because compilers do not reorder a sum of floats.
std::vector<float> Accumulate(const Dense& dense, const FloatTensors& tensors) {
  std::vector<float> transposed(tensors.weight.size());
  for (std::int64_t o = 0; o < dense.out_features; ++o) {
    for (std::int64_t i = 0; i < dense.in_features; ++i) {
      transposed[static_cast<std::size_t>(i * dense.out_features + o)] =
          tensors.weight[static_cast<std::size_t>(o * dense.in_features + i)];
    }
  }
  std::vector<float> sums(static_cast<std::size_t>(dense.batch * dense.out_features));
  for (std::int64_t n = 0; n < dense.batch; ++n) {
    for (std::int64_t i = 0; i < dense.in_features; ++i) {
      AddScaledRow(
          dense.out_features, tensors.input[static_cast<std::size_t>(n * dense.in_features + i)],
          transposed.data() + i * dense.out_features, 1, sums.data() + n * dense.out_features);
    }
  }
  return sums;
}

/// Weights for which an output before clipping spreads over the range of int8: with weights as
/// large as the inputs most outputs would be clipped, and a wrong product would not show. One in
/// 4,096 takes any value, for the extremes.
std::vector<std::int8_t> RandomWeights(const Workload& workload, Rng& rng) {
  constexpr double kInputDeviation = 73.9;   // of a uniform int8
  constexpr double kOutputDeviation = 64.0;  // before clipping
  const double products =
      static_cast<double>(MacCount(workload)) / static_cast<double>(OutputSize(workload));
  const double deviation = kOutputDeviation *
                           std::exp2(static_cast<double>(workload.requantize.shift)) /
                           (kInputDeviation * std::sqrt(products));
  const auto largest =
      static_cast<std::int64_t>(std::clamp(std::sqrt(3.0) * deviation, 1.0, 127.0));
  std::vector<std::int8_t> weights(static_cast<std::size_t>(WeightSize(workload)));
  for (std::int8_t& weight : weights) {
    const bool any = rng.Below(4096) == 0;
    const std::int64_t low = any ? -128 : -largest;
    const std::int64_t high = any ? 127 : largest;
    weight = static_cast<std::int8_t>(
        low + static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(high - low + 1))));
  }
  return weights;
}

/// See Requantize for the order of the steps.
std::int8_t RequantizeOne(Accumulator sum, std::int32_t bias, const Requantize& requantize) {
  const std::int32_t shifted = static_cast<std::int32_t>(sum) >> requantize.shift;
  const auto biased =
      static_cast<std::int32_t>(static_cast<Accumulator>(shifted) + static_cast<Accumulator>(bias));
  const std::int64_t clipped =
      std::max(std::min<std::int64_t>(biased, requantize.clip_max), requantize.clip_min);
  return static_cast<std::int8_t>(clipped);
}

/// The largest magnitude that inputs and weights may have: its square, once for each product of an
/// output, stays within the whole numbers that float32 holds exactly.
std::int64_t LargestExactElement(const Workload& workload) {
  constexpr double kExact = 1 << 24;
  const double products =
      static_cast<double>(MacCount(workload)) / static_cast<double>(OutputSize(workload));
  return static_cast<std::int64_t>(std::max(1.0, std::floor(std::sqrt(kExact / products))));
}

std::vector<float> RandomWholeNumbers(std::int64_t count, std::int64_t largest, Rng& rng) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (float& number : numbers) {
    const std::uint64_t drawn = rng.Below(static_cast<std::uint64_t>(2 * largest + 1));
    number = static_cast<float>(static_cast<std::int64_t>(drawn) - largest);
  }
  return numbers;
}

}  // namespace

FloatTensors RandomFloatTensors(const Workload& workload, std::uint64_t seed) {
  FOOTHOLD_CHECK(workload.type == ElementType::kFloat32);
  Rng rng(seed);
  const std::int64_t largest = LargestExactElement(workload);
  FloatTensors tensors;
  tensors.input = RandomWholeNumbers(InputSize(workload), largest, rng);
  tensors.weight = RandomWholeNumbers(WeightSize(workload), largest, rng);
  return tensors;
}

std::vector<float> ReferenceFloatOutput(const Workload& workload, const FloatTensors& tensors) {
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.input.size()) == InputSize(workload));
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.weight.size()) == WeightSize(workload));
  const auto* conv = std::get_if<Conv2d>(&workload.op);
  return conv != nullptr ? Accumulate<float>(*conv, tensors)
                         : Accumulate(std::get<Dense>(workload.op), tensors);
}

Tensors RandomTensors(const Workload& workload, std::uint64_t seed) {
  FOOTHOLD_CHECK(!std::holds_alternative<Kernel>(workload.op));
  FOOTHOLD_CHECK(workload.type == ElementType::kInt8);
  Rng rng(seed);
  Tensors tensors;
  tensors.input = RandomBytes(InputSize(workload), rng);
  tensors.weight = RandomWeights(workload, rng);
  tensors.bias.resize(static_cast<std::size_t>(BiasSize(workload)));
  for (std::int32_t& bias : tensors.bias) bias = static_cast<std::int32_t>(rng.Below(128)) - 64;
  return tensors;
}

std::vector<std::int8_t> ReferenceOutput(const Workload& workload, const Tensors& tensors) {
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.input.size()) == InputSize(workload));
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.weight.size()) == WeightSize(workload));
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.bias.size()) == BiasSize(workload));
  const auto* conv = std::get_if<Conv2d>(&workload.op);
  const std::vector<Accumulator> sums = conv != nullptr
                                            ? Accumulate<Accumulator>(*conv, tensors)
                                            : Accumulate(std::get<Dense>(workload.op), tensors);

  // Output layout: batch, channel, positions.
  const auto positions =
      static_cast<std::size_t>(conv != nullptr ? conv->out_height() * conv->out_width() : 1);
  const std::size_t channels = tensors.bias.size();
  std::vector<std::int8_t> output(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::int32_t bias = workload.requantize.bias ? tensors.bias[i / positions % channels] : 0;
    output[i] = RequantizeOne(sums[i], bias, workload.requantize);
  }
  return output;
}

}  // namespace foothold
