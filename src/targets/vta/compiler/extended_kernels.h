#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "foothold/workload.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/kernel_pool.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/compiler/tile_window.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// A tile of multiplications: the loops over batch, channels, output positions and kernel offsets,
/// and where its operands lie in the scratchpads. All dense, outermost first: inputs [b][group][ci]
/// [row][column], weights [co][ci][row][column], accumulators [b][co][row][column].
struct GemmTile {
  std::int64_t b = 1;
  std::int64_t co = 1;
  std::int64_t ci = 1;  ///< of each group
  TileWindow rows = {};
  TileWindow columns = {};
  std::int64_t inp_base = 0;
  std::int64_t wgt_base = 0;
  std::int64_t acc_base = 0;
  std::int64_t groups = 1;  ///< as many of the `co` output channels belong to each
};

/// The instructions that multiply a tile, their micro-ops in `pool`. Products with padding that the
/// scratchpad does not hold are left out: where an axis is micro-ops, one by one; where it is a
/// loop of the instruction, by one instruction per range of positions (WindowPieces). Empty when
/// the tile reads only padding.
///
/// Rejected for want of micro-op memory, because of the accumulator hazard, or when a value does
/// not fit its field.
std::variant<std::vector<Instruction>, Rejection> MakeGemm(const GemmTile& tile,
                                                           InstructionLoops loops,
                                                           const Geometry& geometry,
                                                           KernelPool& pool);

/// The accumulators of one tile, [b][co][positions].
struct AccumulatorTile {
  std::int64_t b = 1;
  std::int64_t co = 1;
  std::int64_t positions = 1;
  std::int64_t base = 0;

  std::int64_t size() const { return b * co * positions; }
};

/// What happens to the accumulators of a tile before and after the multiplications.
struct ElementwiseKernels {
  Instruction reset;
  std::vector<Instruction> before_bias;
  std::vector<Instruction> add_bias;  ///< empty without bias
  std::vector<Instruction> after_bias;
};

/// Long lists of micro-ops in few iterations, because entering a loop costs cycles; the passes and
/// the reset share one list. Biases lie at bias_base, one per output channel.
std::variant<ElementwiseKernels, Rejection> MakeElementwise(const AccumulatorTile& tile,
                                                            const Requantize& requantize,
                                                            std::int64_t bias_base,
                                                            const Geometry& geometry,
                                                            KernelPool& pool);

}  // namespace foothold::vta
