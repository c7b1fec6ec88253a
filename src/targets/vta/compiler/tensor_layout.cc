#include "targets/vta/compiler/tensor_layout.h"

#include <cstring>
#include <variant>

#include "base/check.h"

namespace foothold::vta {
namespace {

/// A 4-D tensor whose first two dimensions are blocked: (outer, middle, spatial) with blocks of
/// outer and middle innermost. Covers NCHWnc (outer = batch) and OIHWoi (outer = output channels).
struct Blocking {
  std::int64_t outer;
  std::int64_t middle;
  std::int64_t spatial;
  std::int64_t outer_block;
  std::int64_t middle_block;

  std::int64_t size() const { return outer * middle * spatial; }
};

/// Calls visit(packed index, row-major index) for every scalar, in packed order.
template <typename Visit>
void ForEachScalar(const Blocking& b, const Visit& visit) {
  std::int64_t packed = 0;
  for (std::int64_t o = 0; o < b.outer; o += b.outer_block) {
    for (std::int64_t m = 0; m < b.middle; m += b.middle_block) {
      for (std::int64_t s = 0; s < b.spatial; ++s) {
        for (std::int64_t oi = o; oi < o + b.outer_block; ++oi) {
          for (std::int64_t mi = m; mi < m + b.middle_block; ++mi) {
            visit(packed++, (oi * b.middle + mi) * b.spatial + s);
          }
        }
      }
    }
  }
}

std::vector<std::byte> PackInt8(const Blocking& blocking, std::span<const std::int8_t> values) {
  FOOTHOLD_CHECK(static_cast<std::int64_t>(values.size()) == blocking.size());
  std::vector<std::byte> packed(values.size());
  ForEachScalar(blocking, [&](std::int64_t to, std::int64_t from) {
    packed[static_cast<std::size_t>(to)] =
        static_cast<std::byte>(values[static_cast<std::size_t>(from)]);
  });
  return packed;
}

Blocking InputBlocking(const Workload& workload, const Geometry& g) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return {conv->batch, conv->in_channels, conv->height * conv->width, g.batch(), g.block()};
  }
  const auto& dense = std::get<Dense>(workload.op);
  return {dense.batch, dense.in_features, 1, g.batch(), g.block()};
}

Blocking WeightBlocking(const Workload& workload, const Geometry& g) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return {conv->out_channels, conv->in_channels, conv->kernel_h * conv->kernel_w, g.block(),
            g.block()};
  }
  const auto& dense = std::get<Dense>(workload.op);
  return {dense.out_features, dense.in_features, 1, g.block(), g.block()};
}

Blocking OutputBlocking(const Workload& workload, const Geometry& g) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return {conv->batch, conv->out_channels, conv->out_height() * conv->out_width(), g.batch(),
            g.block()};
  }
  const auto& dense = std::get<Dense>(workload.op);
  return {dense.batch, dense.out_features, 1, g.batch(), g.block()};
}

std::vector<std::byte> PackBias(const Workload& workload, const Geometry& g,
                                std::span<const std::int32_t> bias) {
  if (bias.empty()) return {};
  Blocking blocking = OutputBlocking(workload, g);
  blocking.spatial = 1;
  std::vector<std::byte> packed(static_cast<std::size_t>(blocking.size()) * sizeof(std::int32_t));
  ForEachScalar(blocking, [&](std::int64_t to, std::int64_t from) {
    const std::int32_t value = bias[static_cast<std::size_t>(from % blocking.middle)];
    std::memcpy(packed.data() + static_cast<std::size_t>(to) * sizeof(value), &value,
                sizeof(value));
  });
  return packed;
}

}  // namespace

PackedTensors Pack(const Workload& workload, const Geometry& geometry, const Tensors& tensors) {
  return {PackInt8(InputBlocking(workload, geometry), tensors.input),
          PackInt8(WeightBlocking(workload, geometry), tensors.weight),
          PackBias(workload, geometry, tensors.bias)};
}

std::vector<std::byte> PackOutput(const Workload& workload, const Geometry& geometry,
                                  std::span<const std::int8_t> output) {
  return PackInt8(OutputBlocking(workload, geometry), output);
}

std::int64_t UnpackedOutputIndex(const Workload& workload, const Geometry& geometry,
                                 std::int64_t packed_index) {
  const Blocking b = OutputBlocking(workload, geometry);
  std::int64_t rest = packed_index;
  const auto take = [&rest](std::int64_t extent) {
    const std::int64_t digit = rest % extent;
    rest /= extent;
    return digit;
  };
  const std::int64_t mi = take(b.middle_block);
  const std::int64_t oi = take(b.outer_block);
  const std::int64_t s = take(b.spatial);
  const std::int64_t m = take(b.middle / b.middle_block);
  return ((rest * b.outer_block + oi) * b.middle + m * b.middle_block + mi) * b.spatial + s;
}

}  // namespace foothold::vta
