#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// How far one step of a loop moves the tensors' positions in DRAM, in elements of each tensor, and
/// the position in the padded input image, in rows and columns.
struct TileSteps {
  std::int64_t inp = 0;
  std::int64_t wgt = 0;
  std::int64_t out = 0;
  std::int64_t bias = 0;
  std::int64_t row = 0;
  std::int64_t col = 0;
  std::int64_t channels = 0;  ///< tiles along the output channels

  friend bool operator==(const TileSteps&, const TileSteps&) = default;
};

/// A loop over tiles.
struct TileLoop {
  std::int64_t extent = 1;
  TileSteps steps;
};

/// Which coordinate of the input image a DMA dimension walks; only those two can need zero padding.
enum class ImageAxis { kNone, kRow, kColumn };

/// One 2-D transfer: `y_size` rows of `x_size` elements, `x_stride` elements apart in DRAM.
struct DmaShape {
  std::int64_t y_size = 1;
  std::int64_t x_size = 1;
  std::int64_t x_stride = 1;
  ImageAxis y_axis = ImageAxis::kNone;  ///< set only for padded inputs
  ImageAxis x_axis = ImageAxis::kNone;
};

/// The image that padded input transfers are clipped to, in elements.
struct ImageBounds {
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t pad_h = 0;  ///< above and left
  std::int64_t pad_w = 0;
  std::int64_t pad_bottom = 0;
  std::int64_t pad_right = 0;
};

/// Where the inputs of a tile of output channels begin: `inp` elements further for every `tiles`
/// tiles along the output channels, because each group has inputs of its own.
struct GroupSteps {
  std::int64_t tiles = 1;
  std::int64_t inp = 0;
};

/// One loop around a GEMM or ALU micro-op, with the distance its step moves each index.
struct ComputeLoop {
  std::int64_t extent = 1;
  std::int64_t dst = 0;
  std::int64_t src = 0;
  std::int64_t wgt = 0;
  /// Whether the runtime can make it a loop of the instruction; if not, it and all loops inside are
  /// micro-ops.
  bool folds = true;
};

/// One element-wise pass over a thread's accumulators.
struct AluPass {
  AluOpcode opcode = AluOpcode::kMax;
  bool use_imm = true;
  std::int32_t imm = 0;
  std::vector<ComputeLoop> loops;  ///< at most two after flattening, or the JIT refuses
};

/// A schedule after lowering: what the host's generated code would ask of the runtime, as data.
/// Loops of extent 1 are kept in the tile loops (they cost nothing) and dropped from the compute
/// loops (the hardware has only two).
///
/// For every tile, and within it for every virtual thread t:
///   for b in inner_batch: reset; for k in reduction: load input, load weights, GEMM
///   [load bias]; ALU passes; stores
struct LoweredProgram {
  std::vector<TileLoop> tiles;  ///< outermost first
  TileLoop thread;  ///< virtual threads: extent 1 or 2, or 4 when both thread knobs are 2
  /// Both thread knobs are 2: the runtime's kernel signature cannot hold two variables.
  bool two_thread_axes = false;
  TileLoop inner_batch;  ///< dense only: rows of the tile, each with loads of its own
  TileLoop reduction;
  GroupSteps groups;

  DmaShape input;
  ImageBounds image;
  bool padded = false;
  DmaShape weight;
  std::optional<DmaShape> bias;
  DmaShape output;
  TileLoop output_rows;  ///< one store each; the accumulators move by output_row_elements per step
  std::int64_t output_row_elements = 0;

  std::vector<ComputeLoop> reset;  ///< outermost first
  std::vector<ComputeLoop> gemm;   ///< outermost first
  std::int64_t batch_dst = 0;      ///< accumulators per step of inner_batch
  /// Set where the JIT refuses `gemm` for what the loops here do not show.
  std::optional<Rejection> hazard;
  std::vector<AluPass> alu;

  // Elements of each scratchpad that one virtual thread needs.
  std::int64_t inp_elements = 0;
  std::int64_t wgt_elements = 0;
  std::int64_t acc_elements = 0;
  std::int64_t bias_elements = 0;

  /// Virtual threads of thread t start at t * inp_elements, t * wgt_elements, t * acc_elements;
  /// biases follow all accumulators.
  std::int64_t BiasBase() const { return thread.extent * acc_elements; }
};

}  // namespace foothold::vta
