#include "targets/vta/compiler/extended_kernels.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "targets/vta/compiler/field.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

// Past so many micro-ops a list costs more to load than its fewer loop entries save.
constexpr std::int64_t kElementwiseList = 128;

std::optional<Rejection> CheckEncoding(const Instruction& instruction, const Geometry& geometry) {
  if (Status status = Validate(instruction, geometry); !status.ok())
    return Rejection{Phase::kEncode, "encode", status.message()};
  return std::nullopt;
}

/// One loop of a GEMM instruction: a range of a tile's axis and what its step adds to the indices.
struct GemmLoop {
  std::int64_t extent = 1;
  std::int64_t dst = 0;
  std::int64_t src = 0;
  std::int64_t wgt = 0;
};

void SetLoops(const GemmLoop& outer, const GemmLoop& inner, Instruction& instruction) {
  instruction.iter_out = Field(outer.extent);
  instruction.dst_factor_out = Field(outer.extent > 1 ? outer.dst : 0);
  instruction.src_factor_out = Field(outer.extent > 1 ? outer.src : 0);
  instruction.wgt_factor_out = Field(outer.extent > 1 ? outer.wgt : 0);
  instruction.iter_in = Field(inner.extent);
  instruction.dst_factor_in = Field(inner.extent > 1 ? inner.dst : 0);
  instruction.src_factor_in = Field(inner.extent > 1 ? inner.src : 0);
  instruction.wgt_factor_in = Field(inner.extent > 1 ? inner.wgt : 0);
}

/// Writes the instructions of one tile.
class GemmWriter {
 public:
  GemmWriter(const GemmTile& tile, InstructionLoops loops, const Geometry& geometry,
             KernelPool& pool)
      : t_(tile),
        geometry_(geometry),
        pool_(pool),
        single_products_(loops == InstructionLoops::kOutputs),
        row_loop_(loops == InstructionLoops::kPositions || single_products_),
        column_loop_(loops != InstructionLoops::kChannels),
        ci_loop_(!row_loop_),
        co_loop_(loops == InstructionLoops::kChannels),
        kernel_(tile.rows.kernel * tile.columns.kernel) {}

  std::variant<std::vector<Instruction>, Rejection> Write() {
    for (const Channels& channels : ChannelPieces()) {
      for (const WindowPiece& rows : Pieces(t_.rows, row_loop_)) {
        for (const WindowPiece& columns : Pieces(t_.columns, column_loop_)) {
          if (auto rejection = WritePiece(channels, rows, columns)) return *std::move(rejection);
        }
      }
    }
    return std::move(instructions_);
  }

 private:
  /// A range of output channels.
  struct Channels {
    std::int64_t begin;
    std::int64_t end;
  };

  /// As a loop, output channels share their inputs: each group is a piece of its own.
  std::vector<Channels> ChannelPieces() const {
    if (!co_loop_) return {{0, t_.co}};
    std::vector<Channels> pieces;
    const std::int64_t group = t_.co / t_.groups;
    for (std::int64_t co = 0; co < t_.co; co += group) pieces.push_back({co, co + group});
    return pieces;
  }

  /// An axis of micro-ops is one piece: its micro-ops are looked at one by one.
  static std::vector<WindowPiece> Pieces(const TileWindow& window, bool is_loop) {
    if (is_loop) return WindowPieces(window);
    return {{0, window.kernel, 0, window.positions}};
  }

  /// (position, offset) pairs of an axis that become micro-ops.
  static std::int64_t CountPairs(const TileWindow& window, const WindowPiece& piece, bool is_loop) {
    if (is_loop) return piece.d_end - piece.d_begin;
    std::int64_t pairs = 0;
    for (std::int64_t d = 0; d < window.kernel; ++d)
      for (std::int64_t p = 0; p < window.positions; ++p) pairs += window.Holds(p, d) ? 1 : 0;
    return pairs;
  }

  std::optional<Rejection> WritePiece(const Channels& channels, const WindowPiece& rows,
                                      const WindowPiece& columns) {
    const std::int64_t ci_end = ci_loop_ ? 1 : t_.ci;
    if (!single_products_) return WriteProducts(channels, {0, ci_end}, rows, columns);
    WindowPiece row = rows;
    WindowPiece column = columns;
    for (std::int64_t ci = 0; ci < ci_end; ++ci) {
      for (std::int64_t dy = rows.d_begin; dy < rows.d_end; ++dy) {
        for (std::int64_t dx = columns.d_begin; dx < columns.d_end; ++dx) {
          row.d_begin = dy;
          row.d_end = dy + 1;
          column.d_begin = dx;
          column.d_end = dx + 1;
          if (auto rejection = WriteProducts(channels, {ci, ci + 1}, row, column)) return rejection;
        }
      }
    }
    return std::nullopt;
  }

  /// One instruction. `inputs`: [first, last) of the input channels that are micro-ops.
  std::optional<Rejection> WriteProducts(const Channels& channels,
                                         const std::pair<std::int64_t, std::int64_t>& inputs,
                                         const WindowPiece& rows, const WindowPiece& columns) {
    const std::int64_t count = (inputs.second - inputs.first) * (co_loop_ ? 1 : t_.co) * t_.b *
                               CountPairs(t_.rows, rows, row_loop_) *
                               CountPairs(t_.columns, columns, column_loop_);
    if (count == 0) return std::nullopt;
    if (auto rejection = pool_.Reserve(count)) return rejection;
    for (std::int64_t ci = inputs.first; ci < inputs.second; ++ci)
      for (std::int64_t dy = rows.d_begin; dy < rows.d_end; ++dy)
        for (std::int64_t dx = columns.d_begin; dx < columns.d_end; ++dx)
          AddOutputs(channels, ci, dy, dx, rows, columns);
    const KernelPool::Range range = pool_.Finish();

    Instruction gemm;
    gemm.opcode = Opcode::kGemm;
    gemm.uop_begin = range.first;
    gemm.uop_end = range.second;
    const auto [outer, inner] = Loops(channels, rows, columns);
    SetLoops(outer, inner, gemm);
    if (auto rejection = CheckAccumulatorHazard(gemm, pool_.Uops(range))) return rejection;
    if (auto rejection = CheckEncoding(gemm, geometry_)) return rejection;
    instructions_.push_back(gemm);
    return std::nullopt;
  }

  /// Reductions are outside, so that neighbouring micro-ops add to different accumulators.
  void AddOutputs(const Channels& channels, std::int64_t ci, std::int64_t dy, std::int64_t dx,
                  const WindowPiece& rows, const WindowPiece& columns) {
    const std::int64_t co_end = co_loop_ ? channels.begin + 1 : channels.end;
    const std::int64_t y_end = row_loop_ ? rows.begin + 1 : rows.end;
    const std::int64_t x_end = column_loop_ ? columns.begin + 1 : columns.end;
    for (std::int64_t b = 0; b < t_.b; ++b) {
      for (std::int64_t co = channels.begin; co < co_end; ++co) {
        const std::int64_t group = co * t_.groups / t_.co;
        const std::int64_t wgt =
            t_.wgt_base + (co * t_.ci + ci) * kernel_ + dy * t_.columns.kernel + dx;
        for (std::int64_t y = rows.begin; y < y_end; ++y) {
          if (!t_.rows.Holds(y, dy)) continue;
          const std::int64_t dst = t_.acc_base + (b * t_.co + co) * Positions() + y * Width();
          const std::int64_t src = t_.inp_base + ((b * t_.groups + group) * t_.ci + ci) * Image() +
                                   t_.rows.LineOf(y, dy) * t_.columns.lines();
          for (std::int64_t x = columns.begin; x < x_end; ++x) {
            if (t_.columns.Holds(x, dx)) pool_.Add(dst + x, src + t_.columns.LineOf(x, dx), wgt);
          }
        }
      }
    }
  }

  std::pair<GemmLoop, GemmLoop> Loops(const Channels& channels, const WindowPiece& rows,
                                      const WindowPiece& columns) const {
    const GemmLoop ci = {t_.ci, 0, Image(), kernel_};
    const GemmLoop co = {channels.end - channels.begin, Positions(), 0, t_.ci * kernel_};
    const GemmLoop row = {rows.positions(), rows.every * Width(),
                          Lines(t_.rows, rows) * t_.columns.lines(), 0};
    const GemmLoop column = {columns.positions(), columns.every, Lines(t_.columns, columns), 0};
    return {ci_loop_ ? ci : row, co_loop_ ? co : column};
  }

  /// Scratchpad lines from one of the piece's positions to the next.
  static std::int64_t Lines(const TileWindow& window, const WindowPiece& piece) {
    return window.step * piece.every / window.upsample;
  }

  std::int64_t Width() const { return t_.columns.positions; }
  std::int64_t Positions() const { return t_.rows.positions * t_.columns.positions; }
  std::int64_t Image() const { return t_.rows.lines() * t_.columns.lines(); }

  const GemmTile& t_;
  const Geometry& geometry_;
  KernelPool& pool_;
  const bool single_products_, row_loop_, column_loop_, ci_loop_, co_loop_;
  const std::int64_t kernel_;  // weights of one channel pair
  std::vector<Instruction> instructions_;
};

/// Past the end of 15 bits, the boards' shift amount changes its sign.
constexpr std::int64_t kMostShift = 15;

/// Adds the bias of each output channel to its positions.
std::variant<Instruction, Rejection> BiasAddition(const AccumulatorTile& tile,
                                                  std::int64_t bias_base, KernelPool& pool) {
  const std::int64_t positions = LargestDivisor(tile.positions, kElementwiseList);
  if (auto rejection = pool.Reserve(tile.b * positions)) return *std::move(rejection);
  for (std::int64_t b = 0; b < tile.b; ++b)
    for (std::int64_t i = 0; i < positions; ++i)
      pool.Add(tile.base + b * tile.co * tile.positions + i, bias_base, 0);
  const KernelPool::Range biases = pool.Finish();
  Instruction add;
  add.opcode = Opcode::kAlu;
  add.alu_opcode = AluOpcode::kAdd;
  add.uop_begin = biases.first;
  add.uop_end = biases.second;
  SetLoops({tile.co, tile.positions, 1}, {tile.positions / positions, positions, 0}, add);
  return add;
}

}  // namespace

std::int64_t LargestDivisor(std::int64_t n, std::int64_t limit) {
  std::int64_t largest = 1;
  for (std::int64_t d = 1; d <= limit && d <= n; ++d) {
    if (n % d == 0) largest = d;
  }
  return largest;
}

std::variant<Instruction, Rejection> LoopsOverTile(const AccumulatorTile& tile,
                                                   std::int64_t src_base, std::int64_t wgt,
                                                   KernelPool& pool) {
  const std::int64_t list = LargestDivisor(tile.size(), kElementwiseList);
  if (auto rejection = pool.Reserve(list)) return *std::move(rejection);
  for (std::int64_t i = 0; i < list; ++i) pool.Add(tile.base + i, src_base + i, wgt);
  const KernelPool::Range range = pool.Finish();
  Instruction loops;
  loops.uop_begin = range.first;
  loops.uop_end = range.second;
  SetLoops({1}, {tile.size() / list, list, list}, loops);
  return loops;
}

Epilogue ToEpilogue(const Requantize& requantize) {
  return {requantize.bias ? Epilogue::Bias::kAfterShift : Epilogue::Bias::kNone, requantize.shift,
          requantize.clip_max, requantize.clip_min};
}

Instruction Immediate(AluOpcode opcode, std::int64_t imm, const Instruction& loops) {
  Instruction alu = loops;
  alu.opcode = Opcode::kAlu;
  alu.reset = false;
  alu.alu_opcode = opcode;
  alu.use_imm = true;
  alu.imm = static_cast<std::int32_t>(imm);
  return alu;
}

std::vector<Instruction> Shifts(std::int64_t bits, const Instruction& loops) {
  std::vector<Instruction> shifts;
  while (bits != 0) {
    const std::int64_t step = std::clamp(bits, -kMostShift, kMostShift);
    shifts.push_back(Immediate(AluOpcode::kShr, step, loops));
    bits -= step;
  }
  return shifts;
}

std::variant<std::vector<Instruction>, Rejection> MakeGemm(const GemmTile& tile,
                                                           InstructionLoops loops,
                                                           const Geometry& geometry,
                                                           KernelPool& pool) {
  return GemmWriter(tile, loops, geometry, pool).Write();
}

std::variant<ElementwiseKernels, Rejection> MakeElementwise(const AccumulatorTile& tile,
                                                            const Epilogue& epilogue,
                                                            std::int64_t bias_base,
                                                            const Geometry& geometry,
                                                            KernelPool& pool) {
  auto made = LoopsOverTile(tile, tile.base, 0, pool);
  if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
  const Instruction& loops = std::get<Instruction>(made);
  ElementwiseKernels kernels;
  kernels.reset = loops;
  kernels.reset.opcode = Opcode::kGemm;
  kernels.reset.reset = true;
  const bool shift_is_first = epilogue.bias != Epilogue::Bias::kBeforeShift;
  (shift_is_first ? kernels.before_bias : kernels.after_bias) = Shifts(epilogue.shift, loops);
  kernels.after_bias.push_back(Immediate(AluOpcode::kMin, epilogue.clip_max, loops));
  kernels.after_bias.push_back(Immediate(AluOpcode::kMax, epilogue.clip_min, loops));
  if (epilogue.bias != Epilogue::Bias::kNone) {
    auto add = BiasAddition(tile, bias_base, pool);
    if (auto* rejection = std::get_if<Rejection>(&add)) return std::move(*rejection);
    kernels.add_bias.push_back(std::get<Instruction>(add));
  }
  for (const auto* passes : {&kernels.before_bias, &kernels.add_bias, &kernels.after_bias}) {
    for (const Instruction& pass : *passes) {
      if (auto rejection = CheckEncoding(pass, geometry)) return *std::move(rejection);
    }
  }
  return kernels;
}

std::variant<std::vector<Instruction>, Rejection> MakeResidual(const AccumulatorTile& tile,
                                                               const ResidualTile& residual,
                                                               const Instruction& in_place,
                                                               const Geometry& geometry,
                                                               KernelPool& pool) {
  auto made = LoopsOverTile(tile, residual.inp_base, residual.identity, pool);
  if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
  std::vector<Instruction> instructions = {std::get<Instruction>(made)};
  instructions.front().opcode = Opcode::kGemm;
  for (const Instruction& shift : Shifts(-residual.left_shift, in_place))
    instructions.push_back(shift);
  for (const Instruction& instruction : instructions) {
    if (auto rejection = CheckEncoding(instruction, geometry)) return *std::move(rejection);
  }
  return instructions;
}

}  // namespace foothold::vta
