#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "foothold/space.h"
#include "targets/cpu/nest.h"

namespace foothold::cpu {

/// Which loop over tiles is around which; the sweep over register blocks is always innermost.
enum class Order : std::uint8_t {
  kRowsPanels = 0,           ///< row tiles, panels of output channels, channel tiles
  kPanelsRows = 1,           ///< panels, row tiles, channel tiles
  kRowsReductionPanels = 2,  ///< row tiles, channel tiles, panels: an input tile stays in cache
};

enum class PackInput : std::uint8_t {
  kNone = 0,   ///< read where it lies; not for padded convolutions
  kTile = 1,   ///< each tile is copied, with its padding, to memory of its own
  kWhole = 2,  ///< each image is copied once with its padding; convolutions only
};

/// How far apart the compiler may move the loads and multiplications of a register block. Left to
/// itself it hoists loads until it runs out of registers.
enum class Fence : std::uint8_t {
  kNone = 0,
  kStep = 1,   ///< not across steps of the reduction
  kPixel = 2,  ///< not across the pixels of a step either
};

/// How a Nest is computed. A register block holds block_h x block_w pixels of block_o vectors of
/// output channels; a panel is the block_o * vector output channels that such blocks share.
struct Schedule {
  std::int64_t vector = 8;   ///< floats in a vector
  std::int64_t block_o = 1;  ///< vectors
  std::int64_t block_h = 1;
  std::int64_t block_w = 1;
  std::int64_t tile_c = 1;  ///< channels that are reduced before the accumulators leave registers
  std::int64_t tile_h = 1;  ///< output rows whose sums are kept in cache
  Order order = Order::kRowsPanels;
  PackInput pack_input = PackInput::kTile;
  bool pack_weights = true;  ///< [panel][c][ky][kx][o] in place of [o][c][ky][kx]
  /// Loops of the reduction that are unrolled. 1x1 kernels and dense: so many channels at once.
  /// Others: 1 none, 2 the kernel's columns, 3 its rows as well.
  std::int64_t unroll = 1;
  Fence fence = Fence::kNone;
  std::int64_t threads = 1;

  std::int64_t panel() const { return block_o * vector; }
  std::int64_t accumulators() const { return block_o * block_h * block_w; }
  std::int64_t panels(const Nest& nest) const {
    return (nest.out_channels + panel() - 1) / panel();
  }
};

/// What the space depends on beside the workload.
struct SpaceOptions {
  std::vector<std::int64_t> vectors = {4, 8};  ///< vector widths in floats, ascending
  int max_threads = 1;                         ///< more than 1: `threads` is a parameter
};

/// The space of schedules (docs/targets/cpu.md), with the constraints that hold on any host.
Result<Space> MakeSpace(const Nest& nest, const SpaceOptions& options);

/// REQUIRES: `space` is MakeSpace(nest, any options), `config` in it.
Schedule ScheduleOf(const Nest& nest, const Space& space, const Config& config);

}  // namespace foothold::cpu
