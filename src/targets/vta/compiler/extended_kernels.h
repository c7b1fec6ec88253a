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

/// What happens to the sums of a layer on their way to int8.
struct Epilogue {
  enum class Bias : std::uint8_t {
    kNone,
    kBeforeShift,  ///< so a half can be part of it, and the shift rounds
    kAfterShift,   ///< as in Requantize
  };
  Bias bias = Bias::kNone;
  std::int64_t shift = 0;  ///< arithmetic, to the right; 0 to 31
  std::int64_t clip_max = 127;
  std::int64_t clip_min = -128;
};
Epilogue ToEpilogue(const Requantize& requantize);

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
                                                            const Epilogue& epilogue,
                                                            std::int64_t bias_base,
                                                            const Geometry& geometry,
                                                            KernelPool& pool);

/// The largest divisor of `n` that is at most `limit`; both >= 1.
std::int64_t LargestDivisor(std::int64_t n, std::int64_t limit);

/// Loops over all accumulators of a tile, with the sources one behind the other from `src_base` on.
std::variant<Instruction, Rejection> LoopsOverTile(const AccumulatorTile& tile,
                                                   std::int64_t src_base, std::int64_t wgt,
                                                   KernelPool& pool);

/// A tile of int8 values that are added to accumulators: times the weight at `identity`, which is a
/// multiple of the identity matrix, and then shifted to the left.
struct ResidualTile {
  std::int64_t inp_base = 0;
  std::int64_t identity = 0;
  std::int64_t left_shift = 0;
};

/// The instructions that add a residual to accumulators that hold nothing else yet. `in_place`:
/// one that loops over the tile with each accumulator its own source, as the reset does.
std::variant<std::vector<Instruction>, Rejection> MakeResidual(const AccumulatorTile& tile,
                                                               const ResidualTile& residual,
                                                               const Instruction& in_place,
                                                               const Geometry& geometry,
                                                               KernelPool& pool);

/// Immediate shifts by so many bits in all, to the right where `bits` is positive: in several steps
/// where the hardware's field takes no such shift.
std::vector<Instruction> Shifts(std::int64_t bits, const Instruction& loops);
/// An ALU instruction over the loops and micro-ops of `loops`, whose sources are its destinations:
/// there are engines that combine an immediate with the source.
Instruction Immediate(AluOpcode opcode, std::int64_t imm, const Instruction& loops);

}  // namespace foothold::vta
