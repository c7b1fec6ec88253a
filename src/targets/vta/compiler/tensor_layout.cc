#include "targets/vta/compiler/tensor_layout.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace foothold::vta {
namespace {

/// A 4-D tensor whose first two dimensions are blocked: (outer, middle, spatial) with blocks of
/// outer and middle innermost. Covers NCHWnc (outer = batch) and OIHWoi (outer = output channels).
/// Sizes in scalars, blocks filled up.
struct Blocking {
  std::int64_t outer;
  std::int64_t middle;
  std::int64_t spatial;
  std::int64_t outer_block;
  std::int64_t middle_block;

  std::size_t size() const { return static_cast<std::size_t>(outer * middle * spatial); }
};

struct Place {
  std::int64_t outer;
  std::int64_t middle;
  std::int64_t spatial;
};

/// Calls visit(place) for every scalar, in packed order.
template <typename Visit>
void ForEachScalar(const Blocking& b, const Visit& visit) {
  for (std::int64_t o = 0; o < b.outer; o += b.outer_block) {
    for (std::int64_t m = 0; m < b.middle; m += b.middle_block) {
      for (std::int64_t s = 0; s < b.spatial; ++s) {
        for (std::int64_t oi = o; oi < o + b.outer_block; ++oi) {
          for (std::int64_t mi = m; mi < m + b.middle_block; ++mi) visit(Place{oi, mi, s});
        }
      }
    }
  }
}

/// index(place): where the scalar stands in `values`, or -1: it is zero.
template <typename Index>
std::vector<std::byte> PackInt8(const Blocking& blocking, std::span<const std::int8_t> values,
                                const Index& index) {
  std::vector<std::byte> packed;
  packed.reserve(blocking.size());
  ForEachScalar(blocking, [&](const Place& place) {
    const std::int64_t from = index(place);
    packed.push_back(from < 0 ? std::byte{0}
                              : static_cast<std::byte>(values[static_cast<std::size_t>(from)]));
  });
  return packed;
}

/// The sizes of a workload's tensors.
struct Sizes {
  std::int64_t batch = 1;
  std::int64_t in = 1;
  std::int64_t out = 1;
  std::int64_t groups = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t kernel = 1;
  std::int64_t positions = 1;
  bool transposed = false;
};

Sizes SizesOf(const Workload& workload) {
  if (const auto* conv = std::get_if<Conv2d>(&workload.op)) {
    return {conv->batch,
            conv->in_channels,
            conv->out_channels,
            conv->groups,
            conv->height,
            conv->width,
            conv->kernel_h * conv->kernel_w,
            conv->out_height() * conv->out_width()};
  }
  if (const auto* conv = std::get_if<Conv2dTranspose>(&workload.op)) {
    return {conv->batch,
            conv->in_channels,
            conv->out_channels,
            1,
            conv->height,
            conv->width,
            conv->kernel_h * conv->kernel_w,
            conv->out_height() * conv->out_width(),
            true};
  }
  const auto& dense = std::get<Dense>(workload.op);
  return {dense.batch, dense.in_features, dense.out_features};
}

Blocking OutputBlocking(const Workload& workload, const Geometry& g) {
  const Result<BlockedShape> shape = BlockShape(workload, g);
  FOOTHOLD_CHECK(shape.ok(), shape.status().message());
  return {shape->batch * g.batch(), shape->out_channels * g.block(),
          shape->out_height * shape->out_width, g.batch(), g.block()};
}

std::vector<std::byte> PackInput(const Sizes& sizes, const BlockedShape& shape, const Geometry& g,
                                 std::span<const std::int8_t> input) {
  const Blocking blocking = {shape.batch * g.batch(), shape.in_channels * g.block(),
                             shape.height * shape.width, g.batch(), g.block()};
  return PackInt8(blocking, input, [&](const Place& at) -> std::int64_t {
    const std::int64_t y = at.spatial / shape.width;
    const std::int64_t x = at.spatial % shape.width;
    if (at.outer >= sizes.batch || at.middle >= sizes.in) return -1;
    if (y % shape.host_step_h != 0 || x % shape.host_step_w != 0) return -1;
    return ((at.outer * sizes.in + at.middle) * sizes.height + y / shape.host_step_h) *
               sizes.width +
           x / shape.host_step_w;
  });
}

/// The weights of one output channel are those of the blocks of its group, which may hold channels
/// of others.
std::vector<std::byte> PackWeight(const Sizes& sizes, const BlockedShape& shape, const Geometry& g,
                                  std::span<const std::int8_t> weight) {
  const std::int64_t group_in = sizes.in / sizes.groups;
  const std::int64_t group_out = sizes.out / sizes.groups;
  const std::int64_t blocks_in = shape.group_in() * g.block();    // scalars
  const std::int64_t blocks_out = shape.group_out() * g.block();  // scalars
  const Blocking blocking = {shape.out_channels * g.block(), blocks_in, sizes.kernel, g.block(),
                             g.block()};
  return PackInt8(blocking, weight, [&](const Place& at) -> std::int64_t {
    const std::int64_t out = at.outer;
    const std::int64_t in = out / blocks_out * blocks_in + at.middle;
    if (out >= sizes.out || in >= sizes.in || in / group_in != out / group_out) return -1;
    if (sizes.transposed)
      return (in * sizes.out + out) * sizes.kernel + sizes.kernel - 1 - at.spatial;
    return (out * group_in + in % group_in) * sizes.kernel + at.spatial;
  });
}

std::vector<std::byte> PackBias(const Sizes& sizes, const Blocking& output,
                                std::span<const std::int32_t> bias) {
  if (bias.empty()) return {};
  Blocking blocking = output;
  blocking.spatial = 1;
  std::vector<std::byte> packed(blocking.size() * sizeof(std::int32_t));
  std::byte* to = packed.data();
  ForEachScalar(blocking, [&](const Place& at) {
    const std::int32_t value =
        at.middle < sizes.out ? bias[static_cast<std::size_t>(at.middle)] : 0;
    std::memcpy(to, &value, sizeof(value));
    to += sizeof(value);
  });
  return packed;
}

/// Of the row-major output; -1 where a block is filled up.
std::int64_t OutputIndex(const Sizes& sizes, const Place& at) {
  if (at.outer >= sizes.batch || at.middle >= sizes.out) return -1;
  return (at.outer * sizes.out + at.middle) * sizes.positions + at.spatial;
}

}  // namespace

PackedTensors Pack(const Workload& workload, const BlockedShape& shape, const Geometry& geometry,
                   const Tensors& tensors) {
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.input.size()) == InputSize(workload));
  FOOTHOLD_CHECK(static_cast<std::int64_t>(tensors.weight.size()) == WeightSize(workload));
  const Sizes sizes = SizesOf(workload);
  return {PackInput(sizes, shape, geometry, tensors.input),
          PackWeight(sizes, shape, geometry, tensors.weight),
          PackBias(sizes, OutputBlocking(workload, geometry), tensors.bias)};
}

std::vector<std::byte> PackOutput(const Workload& workload, const Geometry& geometry,
                                  std::span<const std::int8_t> output,
                                  std::span<const std::int32_t> bias) {
  FOOTHOLD_CHECK(static_cast<std::int64_t>(output.size()) == OutputSize(workload));
  const Sizes sizes = SizesOf(workload);
  const Blocking blocking = OutputBlocking(workload, geometry);
  std::vector<std::byte> packed;
  packed.reserve(blocking.size());
  ForEachScalar(blocking, [&](const Place& at) {
    const std::int64_t from = OutputIndex(sizes, at);
    if (from >= 0) {
      packed.push_back(static_cast<std::byte>(output[static_cast<std::size_t>(from)]));
      return;
    }
    const bool has_bias = !bias.empty() && at.middle < sizes.out;
    const std::int64_t sum = has_bias ? bias[static_cast<std::size_t>(at.middle)] : 0;
    packed.push_back(static_cast<std::byte>(
        std::max(std::min(sum, workload.requantize.clip_max), workload.requantize.clip_min)));
  });
  return packed;
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
  Place at = {};
  const std::int64_t mi = take(b.middle_block);
  const std::int64_t oi = take(b.outer_block);
  at.spatial = take(b.spatial);
  at.middle = take(b.middle / b.middle_block) * b.middle_block + mi;
  at.outer = rest * b.outer_block + oi;
  return OutputIndex(SizesOf(workload), at);
}

}  // namespace foothold::vta
