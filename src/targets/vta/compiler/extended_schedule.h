#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "foothold/space.h"
#include "foothold/workload.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/tile_window.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// The nesting of the loops over tiles, outermost first; "space" is batch, height, width. The
/// virtual threads are innermost always. Accumulators cannot be spilled (a STORE keeps 8 bits), so
/// all tiles inside the reduction loop have accumulators of their own.
enum class TileOrder : std::int64_t {
  kSpaceChannelsReduction = 0,  ///< input tiles can stay while output channels pass
  kSpaceReductionChannels = 1,  ///< input-stationary: each input tile is read once
};

/// The two loops that a GEMM instruction runs; all other loops of a tile are micro-ops.
enum class InstructionLoops : std::int64_t {
  kChannels = 0,          ///< input channels, output channels
  kPositions = 1,         ///< rows, columns
  kReductionColumns = 2,  ///< input channels, columns
  /// Rows, columns, in an instruction for each input channel and place in the kernel: it adds to
  /// each accumulator once, whatever the tile. Not in the space: it is slow, and for layers that
  /// have no other config.
  kOutputs = 3,
};

/// One config of the extended template. Tile sizes are in output positions and channel blocks.
struct ExtendedSchedule {
  std::int64_t b = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  std::int64_t co = 1;
  std::int64_t ci = 1;
  TileOrder order = TileOrder::kSpaceChannelsReduction;
  std::int64_t co_threads = 1;
  std::int64_t h_threads = 1;
  std::int64_t inp_buffers = 1;  ///< input tiles kept per thread along the height
  std::int64_t wgt_buffers = 1;  ///< weight tiles kept per thread along the output channels
  InstructionLoops loops = InstructionLoops::kChannels;
  bool skip_padding = false;     ///< micro-ops leave padding out; else the DMA writes zeros
  bool split_transfers = false;  ///< one transfer per channel; else one for the whole tile

  std::int64_t threads() const { return co_threads * h_threads; }
};

/// The parameters of the space, first varies fastest: tile_b, tile_h, tile_w, tile_co, tile_ci,
/// order, co_threads, h_threads, inp_buffers, wgt_buffers, gemm_loops, padding, transfers
/// (docs/targets/vta-extended.md, which also says why no other values). A parameter that means
/// nothing for the shape has one value.
std::vector<Parameter> ExtendedParameters(const BlockedShape& shape);
/// REQUIRES: `values` are of ExtendedParameters, in order.
ExtendedSchedule ParseExtendedSchedule(std::span<const std::int64_t> values);

/// Numbers of tiles along each loop.
struct TileCounts {
  std::int64_t b = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  std::int64_t co = 1;
  std::int64_t ci = 1;
};
TileCounts CountTiles(const BlockedShape& shape, const ExtendedSchedule& schedule);

/// How the scratchpads are divided: equal slots for tiles of each tensor, from index 0 up; biases
/// follow the accumulators.
struct ScratchpadPlan {
  std::int64_t inp_slots = 1;
  std::int64_t inp_slot = 0;  ///< elements of one slot
  std::int64_t wgt_slots = 1;
  std::int64_t wgt_slot = 0;
  std::int64_t acc_slots = 1;
  std::int64_t acc_slot = 0;
  std::int64_t bias_slots = 0;
  std::int64_t bias_slot = 0;
  std::int64_t residual_slots = 0;  ///< of as many elements as accumulators, behind the inputs
  std::int64_t identities = 0;      ///< weights behind those of the layer

  std::int64_t ResidualBase() const { return inp_slots * inp_slot; }
  std::int64_t InpElements() const { return ResidualBase() + residual_slots * acc_slot; }
  std::int64_t IdentityBase() const { return wgt_slots * wgt_slot; }
  std::int64_t WgtElements() const { return IdentityBase() + identities; }
  std::int64_t BiasBase() const { return acc_slots * acc_slot; }
  std::int64_t AccElements() const { return BiasBase() + bias_slots * bias_slot; }
};
ScratchpadPlan PlanScratchpads(const BlockedShape& shape, bool bias,
                               const ExtendedSchedule& schedule);

/// The windows that output rows and columns read: what tile_window.h needs to know of a shape.
WindowAxis RowAxis(const BlockedShape& shape);
WindowAxis ColumnAxis(const BlockedShape& shape);

/// The capacities and thread splits as constraints on the space. Every config that breaks one is
/// refused when it is compiled.
std::vector<Constraint> ExtendedConstraints(const BlockedShape& shape, bool bias,
                                            const Geometry& geometry);

}  // namespace foothold::vta
