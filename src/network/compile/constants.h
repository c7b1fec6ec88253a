#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "targets/vta/isa/hardware.h"

namespace foothold::network {

/// The weight of an output channel, an input channel, and a row and a column of the kernel.
using WeightAt = std::function<std::int8_t(std::int64_t, std::int64_t, std::int64_t, std::int64_t)>;

/// The sizes of a layer's weights: channels in blocks, the kernel in lines.
struct WeightShape {
  std::int64_t out_channels = 1;
  std::int64_t in_channels = 1;
  std::int64_t kernel_h = 1;
  std::int64_t kernel_w = 1;
};

/// The weights and biases of all layers, one behind the other, as the VTA wants them in DRAM.
/// Offsets are in bytes.
class Constants {
 public:
  explicit Constants(const vta::Geometry& geometry) : geometry_(geometry) {}

  /// (CO, CI, KH, KW, BO, BI). `at` is asked for channels beyond the layer's too, where it has to
  /// say 0.
  std::uint64_t AddWeights(const WeightShape& shape, const WeightAt& at);
  /// A block that is the identity matrix times 2^exponent; `exponent` from 0 to kMostIdentity.
  std::uint64_t Identity(int exponent);
  static constexpr int kMostIdentity = 6;
  /// (CO, B, BO): one for each output channel, filled up to whole blocks with zeros; a single one
  /// fills its block.
  std::uint64_t AddBiases(std::span<const std::int32_t> biases);

  std::span<const std::byte> weights() const { return weights_; }
  std::span<const std::byte> biases() const { return biases_; }

 private:
  vta::Geometry geometry_;
  std::vector<std::byte> weights_;
  std::vector<std::byte> biases_;
  std::map<int, std::uint64_t> identities_;
};

}  // namespace foothold::network
