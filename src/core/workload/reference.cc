// The plain reference implementations: what every target's output is compared with.

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "core/workload/operators/operator_kind.h"
#include "foothold/rng.h"
#include "foothold/workload.h"

namespace foothold {
namespace {

std::vector<std::int8_t> RandomBytes(std::int64_t count, Rng& rng) {
  std::vector<std::int8_t> bytes(static_cast<std::size_t>(count));
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    word = i % 8 == 0 ? rng.Next() : word >> 8;
    bytes[i] = static_cast<std::int8_t>(word & 0xff);
  }
  return bytes;
}

/// Weights for which an output before clipping spreads over the range of int8: with weights as
/// large as the inputs most outputs would be clipped, and a wrong product would not show. One in
/// 4,096 takes any value, for the extremes.
std::vector<std::int8_t> RandomWeights(const Workload& workload, Rng& rng) {
  constexpr double kInputDeviation = 73.9;   // of a uniform int8
  constexpr double kOutputDeviation = 64.0;  // before clipping
  const auto products =
      static_cast<double>(workload::KindOf(workload.op).sizes(workload.op).products);
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
std::int8_t RequantizeOne(workload::Accumulator sum, std::int32_t bias,
                          const Requantize& requantize) {
  const std::int32_t shifted = static_cast<std::int32_t>(sum) >> requantize.shift;
  const auto biased = static_cast<std::int32_t>(static_cast<workload::Accumulator>(shifted) +
                                                static_cast<workload::Accumulator>(bias));
  const std::int64_t clipped =
      std::max(std::min<std::int64_t>(biased, requantize.clip_max), requantize.clip_min);
  return static_cast<std::int8_t>(clipped);
}

/// The largest magnitude that inputs and weights may have: its square, once for each product of an
/// output, stays within the whole numbers that float32 holds exactly.
std::int64_t LargestExactElement(const Workload& workload) {
  constexpr double kExact = 1 << 24;
  const auto products =
      static_cast<double>(workload::KindOf(workload.op).sizes(workload.op).products);
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
  return workload::KindOf(workload.op).float32_sums(workload.op, tensors);
}

Tensors RandomTensors(const Workload& workload, std::uint64_t seed) {
  FOOTHOLD_CHECK(workload::KindOf(workload.op).has_tensors());
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
  const workload::OperatorKind& kind = workload::KindOf(workload.op);
  const std::vector<workload::Accumulator> sums = kind.int8_sums(workload.op, tensors);

  // Output layout: batch, channel, positions.
  const auto positions = static_cast<std::size_t>(kind.sizes(workload.op).positions);
  const std::size_t channels = tensors.bias.size();
  std::vector<std::int8_t> output(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::int32_t bias = workload.requantize.bias ? tensors.bias[i / positions % channels] : 0;
    output[i] = RequantizeOne(sums[i], bias, workload.requantize);
  }
  return output;
}

}  // namespace foothold
