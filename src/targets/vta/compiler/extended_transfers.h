#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/compiler/tile_window.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// One DMA instruction of a tile's transfer: its addresses count from the tile's first element.
struct TransferPart {
  Instruction instruction;
  std::int64_t dram_offset = 0;
  std::int64_t sram_offset = 0;
};
/// The instructions that move one tile, or why they cannot.
using Transfer = std::variant<std::vector<TransferPart>, Rejection>;

/// Loads a tile of inputs, [b][group][ci][row][column]: one 2-D transfer for all, or one for each
/// channel.
/// Offsets count from the first channel's element at the first image row and column that the
/// windows load. No instruction when the windows hold nothing.
Transfer LoadInputs(const BlockedShape& shape, const ExtendedSchedule& schedule,
                    const TileWindow& rows, const TileWindow& columns, const Geometry& geometry);

/// Loads a tile of weights, [co][ci][row][column]: always one 2-D transfer.
Transfer LoadWeights(const BlockedShape& shape, const ExtendedSchedule& schedule,
                     const Geometry& geometry);

/// Stores a tile of outputs, [b][co][row][column]: one 2-D transfer, or where that is impossible
/// and the schedule splits transfers, one for each channel.
Transfer StoreOutputs(const BlockedShape& shape, const ExtendedSchedule& schedule,
                      const Geometry& geometry);

}  // namespace foothold::vta
