#include "targets/vta/compiler/extended_schedule.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"

namespace foothold::vta {
namespace {

// Narrower tiles, unless the image is, make the DMA's rows short and never pay.
constexpr std::int64_t kLeastTileWidth = 64;
// A tile of one row shares no input rows and never pays; it is needed where the height has no other
// small divisor.
constexpr std::int64_t kSmallTileHeight = 16;

// Indices of ExtendedParameters.
enum Index : std::size_t {
  kTileB,
  kTileH,
  kTileW,
  kTileCo,
  kTileCi,
  kOrder,
  kCoThreads,
  kHThreads,
  kInpBuffers,
  kWgtBuffers,
  kGemmLoops,
  kPadding,
  kTransfers,
  kParameters
};

std::vector<std::int64_t> DivisorsFrom(std::int64_t least, std::int64_t n) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d <= n; ++d) {
    if (n % d == 0 && d >= least) divisors.push_back(d);
  }
  return divisors;
}

/// The `candidates` that are no more than `limit`.
std::vector<std::int64_t> UpTo(std::int64_t limit, std::vector<std::int64_t> candidates) {
  std::erase_if(candidates, [limit](std::int64_t value) { return value > limit; });
  return candidates;
}

std::vector<std::int64_t> TileHeights(std::int64_t height) {
  const std::vector<std::int64_t> several = DivisorsFrom(2, height);
  const bool small = !several.empty() && several.front() <= kSmallTileHeight;
  return small ? several : DivisorsFrom(1, height);
}

/// Loops over both channels win only in small images: with less than 7x7 positions the other
/// loops can leave too few accumulators between two additions to the same one.
std::vector<std::int64_t> GemmLoops(const BlockedShape& shape) {
  constexpr std::int64_t kFewPositions = 49;
  const bool few = shape.out_height * shape.out_width < kFewPositions;
  return few ? std::vector<std::int64_t>{0, 1, 2} : std::vector<std::int64_t>{1, 2};
}

/// Tiles of output channels lie within one group, or consist of whole groups.
std::vector<std::int64_t> ChannelTiles(const BlockedShape& shape) {
  std::vector<std::int64_t> tiles = DivisorsFrom(1, shape.out_channels);
  std::erase_if(tiles, [group = shape.group_out()](std::int64_t tile) {
    return group % tile != 0 && tile % group != 0;
  });
  return tiles;
}

/// A DMA cannot write the zeros between the lines of an upsampled image.
std::vector<std::int64_t> Paddings(const BlockedShape& shape) {
  if (shape.upsample_h > 1 || shape.upsample_w > 1) return {1};
  if (shape.pads_rows() || shape.pads_columns()) return {0, 1};
  return {0};
}

/// The most lines that a tile of `positions` holds, whichever tile it is.
std::int64_t MostLines(const WindowAxis& axis, std::int64_t outputs, std::int64_t positions,
                       bool skip_padding) {
  std::int64_t most = 0;
  for (std::int64_t p = 0; p < outputs; p += positions)
    most = std::max(most, MakeTileWindow(axis, p, positions, skip_padding).lines());
  return most;
}

/// Accumulator tiles that are in use at once: those of the loops inside the reduction.
std::int64_t AccumulatorTiles(const BlockedShape& shape, const ExtendedSchedule& s) {
  const TileCounts tiles = CountTiles(shape, s);
  const bool all_channels = tiles.ci > 1 && s.order == TileOrder::kSpaceReductionChannels;
  return all_channels ? tiles.co * s.h_threads : s.threads();
}

}  // namespace

std::vector<Parameter> ExtendedParameters(const BlockedShape& shape) {
  return {{"tile_b", DivisorsFrom(1, shape.batch)},
          {"tile_h", TileHeights(shape.out_height)},
          {"tile_w", DivisorsFrom(std::min(kLeastTileWidth, shape.out_width), shape.out_width)},
          {"tile_co", ChannelTiles(shape)},
          {"tile_ci", DivisorsFrom(1, shape.group_in())},
          {"order", {0, 1}},
          {"co_threads", UpTo(shape.out_channels, {1, 2, 4, 8})},
          {"h_threads", UpTo(shape.out_height, {1, 2, 4})},
          {"inp_buffers", {1, 2}},
          {"wgt_buffers", {2, 16}},
          {"gemm_loops", GemmLoops(shape)},
          {"padding", Paddings(shape)},
          {"transfers", {0, 1}}};
}

ExtendedSchedule ParseExtendedSchedule(std::span<const std::int64_t> values) {
  FOOTHOLD_CHECK(values.size() == kParameters);
  return {.b = values[kTileB],
          .h = values[kTileH],
          .w = values[kTileW],
          .co = values[kTileCo],
          .ci = values[kTileCi],
          .order = static_cast<TileOrder>(values[kOrder]),
          .co_threads = values[kCoThreads],
          .h_threads = values[kHThreads],
          .inp_buffers = values[kInpBuffers],
          .wgt_buffers = values[kWgtBuffers],
          .loops = static_cast<InstructionLoops>(values[kGemmLoops]),
          .skip_padding = values[kPadding] == 1,
          .split_transfers = values[kTransfers] == 1};
}

TileCounts CountTiles(const BlockedShape& shape, const ExtendedSchedule& s) {
  return {shape.batch / s.b, shape.out_height / s.h, shape.out_width / s.w,
          shape.out_channels / s.co, shape.group_in() / s.ci};
}

WindowAxis RowAxis(const BlockedShape& shape) {
  return {shape.height, shape.kernel_h,   shape.pad_h,     shape.stride_h,
          true,         shape.upsample_h, shape.dilation_h};
}

WindowAxis ColumnAxis(const BlockedShape& shape) {
  return {shape.width, shape.kernel_w,   shape.pad_w,     shape.stride_w,
          false,       shape.upsample_w, shape.dilation_w};
}

ScratchpadPlan PlanScratchpads(const BlockedShape& shape, bool bias, const ExtendedSchedule& s) {
  ScratchpadPlan plan;
  plan.inp_slots = s.h_threads * s.inp_buffers;
  plan.inp_slot = s.b * shape.GroupsOf(s.co) * s.ci *
                  MostLines(RowAxis(shape), shape.out_height, s.h, s.skip_padding) *
                  MostLines(ColumnAxis(shape), shape.out_width, s.w, s.skip_padding);
  plan.wgt_slots = s.co_threads * s.wgt_buffers;
  plan.wgt_slot = s.co * s.ci * shape.kernel_h * shape.kernel_w;
  plan.acc_slots = AccumulatorTiles(shape, s);
  plan.acc_slot = s.b * s.co * s.h * s.w;
  plan.bias_slots = bias ? s.co_threads : 0;
  plan.bias_slot = bias ? s.co : 0;
  return plan;
}

std::vector<Constraint> ExtendedConstraints(const BlockedShape& shape, bool bias,
                                            const Geometry& geometry) {
  static const std::vector<std::string> kInputs = {"tile_b",    "tile_h",      "tile_w", "tile_ci",
                                                   "h_threads", "inp_buffers", "padding"};
  // A tile of several groups has inputs of each.
  std::vector<std::string> input_parameters = kInputs;
  if (shape.groups > 1) input_parameters.emplace_back("tile_co");
  // Each rule sets the parameters it depends on and leaves the others as they are by default.
  const auto inputs = [=](std::span<const std::int64_t> v) {
    const ExtendedSchedule s{.b = v[0],
                             .h = v[1],
                             .w = v[2],
                             .co = v.size() > kInputs.size() ? v.back() : 1,
                             .ci = v[3],
                             .h_threads = v[4],
                             .inp_buffers = v[5],
                             .skip_padding = v[6] == 1};
    return PlanScratchpads(shape, bias, s).InpElements() <= geometry.inp_depth();
  };
  const auto weights = [=](std::span<const std::int64_t> v) {
    const ExtendedSchedule s{.co = v[0], .ci = v[1], .co_threads = v[2], .wgt_buffers = v[3]};
    return PlanScratchpads(shape, bias, s).WgtElements() <= geometry.wgt_depth();
  };
  const auto accumulators = [=](std::span<const std::int64_t> v) {
    const ExtendedSchedule s{.b = v[0],
                             .h = v[1],
                             .w = v[2],
                             .co = v[3],
                             .ci = v[4],
                             .order = static_cast<TileOrder>(v[5]),
                             .co_threads = v[6],
                             .h_threads = v[7]};
    return PlanScratchpads(shape, bias, s).AccElements() <= geometry.acc_depth();
  };
  const auto splits = [](std::int64_t extent) {
    return [extent](std::span<const std::int64_t> v) { return extent / v[0] % v[1] == 0; };
  };
  return {Constraint::Where("input tiles fit the scratchpad", input_parameters, inputs),
          Constraint::Where("weight tiles fit the scratchpad",
                            {"tile_co", "tile_ci", "co_threads", "wgt_buffers"}, weights),
          Constraint::Where("accumulators fit the scratchpad",
                            {"tile_b", "tile_h", "tile_w", "tile_co", "tile_ci", "order",
                             "co_threads", "h_threads"},
                            accumulators),
          Constraint::Where("tiles along the output channels split over the threads",
                            {"tile_co", "co_threads"}, splits(shape.out_channels)),
          Constraint::Where("tiles along the height split over the threads",
                            {"tile_h", "h_threads"}, splits(shape.out_height))};
}

}  // namespace foothold::vta
