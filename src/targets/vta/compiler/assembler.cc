#include "targets/vta/compiler/assembler.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "targets/vta/compiler/command_stream.h"
#include "targets/vta/compiler/field.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

constexpr std::uint64_t kPage = 4096;

TileSteps Advance(const TileSteps& at, const TileSteps& steps, std::int64_t count) {
  return {at.inp + count * steps.inp,          at.wgt + count * steps.wgt,
          at.out + count * steps.out,          at.bias + count * steps.bias,
          at.row + count * steps.row,          at.col + count * steps.col,
          at.channels + count * steps.channels};
}

Instruction MemoryInstruction(Opcode opcode, MemoryId memory, const DmaShape& shape) {
  Instruction instruction;
  instruction.opcode = opcode;
  instruction.memory = memory;
  instruction.y_size = Field(shape.y_size);
  instruction.x_size = Field(shape.x_size);
  instruction.x_stride = Field(shape.x_stride);
  return instruction;
}

/// The part of [start, start + size) that lies inside [0, bound), as padding before, data, padding
/// after.
struct Clipped {
  std::int64_t before;
  std::int64_t size;
  std::int64_t after;
};
Clipped Clip(std::int64_t start, std::int64_t size, std::int64_t bound) {
  const std::int64_t before = std::clamp<std::int64_t>(-start, 0, size);
  const std::int64_t after = std::clamp<std::int64_t>(start + size - bound, 0, size - before);
  return {before, size - before - after, after};
}

class Assembler {
 public:
  Assembler(const LoweredProgram& lowered, const Geometry& geometry, const DramLayout& dram)
      : p_(lowered), geometry_(geometry), dram_(dram), stream_(geometry, dram.uop) {}

  std::variant<DeviceProgram, Rejection> Run() {
    if (auto r = CheckInstructionBuffer()) return *std::move(r);
    if (auto r = Prepare()) return *std::move(r);
    EmitTiles();
    return Finish();
  }

  std::variant<ProgramOutline, Rejection> RunOutline(std::int64_t address_period) {
    if (auto r = Prepare()) return *std::move(r);
    if (tiles_chain_) repeats_.emplace(address_period);
    EmitTiles();
    if (!repeats_) return ProgramOutline::Of(Finish());
    ProgramOutline outline{Finish(), std::move(repeats_->parts), std::move(repeats_->order)};
    AddPart(outline.program.instructions.size(), outline.parts, outline.order);
    if (auto r = CheckInstructions(outline.instructions())) return *std::move(r);
    return outline;
  }

 private:
  std::optional<Rejection> Prepare() {
    if (auto r = CheckSignature()) return r;
    if (auto r = MakeKernels()) return r;
    if (auto r = CheckMicroOpMemory()) return r;
    PrepareTransfers();
    // The store of one tile and the reset of the next share accumulators; a single tile has nothing
    // to wait for.
    for (const TileLoop& loop : p_.tiles) tile_count_ *= loop.extent;
    tiles_chain_ = tile_count_ > 1;
    return CheckFields();
  }

  /// Counts a long program before it is written out.
  std::optional<Rejection> CheckInstructionBuffer() const {
    std::size_t at_most = InstructionsPerTile();
    for (const TileLoop& loop : p_.tiles) at_most *= static_cast<std::size_t>(loop.extent);
    if (at_most < kMostInstructions / 2) return std::nullopt;
    auto outline = Assembler(p_, geometry_, dram_).RunOutline(1);
    if (auto* rejection = std::get_if<Rejection>(&outline)) return std::move(*rejection);
    return std::nullopt;
  }

  /// TVM's runtime keeps a call's instructions in a buffer of VTA_MAX_XFER = 2^25 bytes. When the
  /// next ones may not fit, it runs what it has and goes on with an empty buffer, in the middle of
  /// the tiles (docs/reference/vta-and-autotvm.md#runtime-limits): another program than this.
  static std::optional<Rejection> CheckInstructions(std::size_t count) {
    if (count <= kMostInstructions) return std::nullopt;
    return Rejection{
        Phase::kJit, "jit.instructions",
        fmt::format("instruction buffer: the program has {} instructions, the runtime's 2^25 bytes "
                    "hold {}",
                    base::WithThousands(static_cast<std::int64_t>(count)),
                    base::WithThousands(static_cast<std::int64_t>(kMostInstructions)))};
  }

  DeviceProgram Finish() {
    DeviceProgram program = stream_.Finish();
    program.uop_address = dram_.uop;
    program.inp_address = dram_.inp;
    program.wgt_address = dram_.wgt;
    program.acc_address = dram_.bias;
    program.out_address = dram_.out;
    return program;
  }

  /// A kernel's indices may depend on one variable of the host code, below 99
  /// (docs/reference/vta-and-autotvm.md#rejected-configs, rows 14 and 18).
  std::optional<Rejection> CheckSignature() const {
    const bool batch_varies = p_.inner_batch.extent > 1;
    const int variables = (p_.two_thread_axes     ? 2
                           : p_.thread.extent > 1 ? 1
                                                  : 0) +
                          (batch_varies ? 1 : 0);
    if (variables > 1) {
      return Rejection{
          Phase::kJit, "jit.signature",
          fmt::format(
              "micro-op kernels depend on {} loop variables, the runtime passes at most 1: {}",
              variables,
              p_.two_thread_axes ? "oc_nthread and h_nthread are both 2"
                                 : "oc_nthread is 2 and tile_b above 1")};
    }
    if (batch_varies && p_.inner_batch.extent >= 100) {
      return Rejection{
          Phase::kJit, "jit.signature",
          fmt::format("micro-op kernels for {} batch rows, the runtime keeps at most 99",
                      p_.inner_batch.extent)};
    }
    return std::nullopt;
  }

  /// Kernels are recorded in the order of their first use: reset and GEMM per batch row, then the
  /// ALU passes.
  std::optional<Rejection> MakeKernels() {
    std::optional<Rejection> rejection;
    const auto add = [&](std::variant<UopKernel, Rejection> made,
                         std::vector<std::size_t>& handles) {
      if (rejection) return;
      if (auto* r = std::get_if<Rejection>(&made)) {
        rejection = std::move(*r);
        return;
      }
      handles.push_back(stream_.AddKernel(std::get<UopKernel>(std::move(made))));
    };
    if (p_.hazard) return p_.hazard;
    for (std::int64_t t = 0; t < p_.thread.extent; ++t) {
      for (std::int64_t b = 0; b < p_.inner_batch.extent; ++b) {
        const MicroOp base{Field(t * p_.acc_elements + b * p_.batch_dst),
                           Field(t * p_.inp_elements), Field(t * p_.wgt_elements)};
        add(MakeGemmKernel(p_.reset, {base.dst, 0, 0}, true, geometry_), reset_);
        add(MakeGemmKernel(p_.gemm, base, false, geometry_), gemm_);
      }
      for (const AluPass& pass : p_.alu) {
        const std::uint32_t dst = Field(t * p_.acc_elements);
        const std::uint32_t bias = Field(p_.BiasBase() + t * p_.bias_elements);
        add(MakeAluKernel(pass, {dst, pass.use_imm ? dst : bias, 0}), alu_);
      }
    }
    return rejection;
  }

  /// The runtime lays kernels side by side in the memory that it believes there is. Where the RTL
  /// has less, it drops the high bits of an address: a kernel beyond the end would overwrite one
  /// that the runtime takes for resident, and nobody would be told.
  std::optional<Rejection> CheckMicroOpMemory() const {
    if (geometry_.uop_capacity() == geometry_.uop_depth()) return std::nullopt;
    std::int64_t count = 0;
    for (const auto* handles : {&reset_, &gemm_, &alu_})
      for (const std::size_t handle : *handles) count += stream_.KernelSize(handle);
    if (count <= geometry_.uop_capacity()) return std::nullopt;
    return Rejection{
        Phase::kJit, "jit.micro-op",
        fmt::format("micro-op memory: the kernels need {} entries, the RTL holds {} (the runtime "
                    "believes {})",
                    base::WithThousands(count), base::WithThousands(geometry_.uop_capacity()),
                    base::WithThousands(geometry_.uop_depth()))};
  }

  void PrepareTransfers() {
    input_ = MemoryInstruction(Opcode::kLoad, MemoryId::kInp, p_.input);
    weight_ = MemoryInstruction(Opcode::kLoad, MemoryId::kWgt, p_.weight);
    output_ = MemoryInstruction(Opcode::kStore, MemoryId::kOut, p_.output);
    if (p_.bias) bias_ = MemoryInstruction(Opcode::kLoad, MemoryId::kAcc, *p_.bias);
    inp_base_ = static_cast<std::int64_t>(dram_.inp >> geometry_.log_inp_elem_bytes());
    wgt_base_ = static_cast<std::int64_t>(dram_.wgt >> geometry_.log_wgt_elem_bytes());
    out_base_ = static_cast<std::int64_t>(dram_.out >> geometry_.log_out_elem_bytes());
    bias_base_ = static_cast<std::int64_t>(dram_.bias >> geometry_.log_acc_elem_bytes());
  }

  /// Fields that TVM would cut off silently (docs/reference/vta-and-autotvm.md#silent-truncation).
  /// Positions only grow with the loops, so it is enough to look at each transfer with its largest
  /// padding and at each kernel once.
  std::optional<Rejection> CheckFields() const {
    Instruction padded_input = input_;
    if (p_.padded) {
      const std::int64_t rows = p_.input.y_axis == ImageAxis::kRow ? p_.input.y_size : 0;
      const std::int64_t columns = p_.input.x_axis == ImageAxis::kColumn ? p_.input.x_size : 0;
      padded_input.y_pad_0 = Field(std::min(p_.image.pad_h, rows));
      padded_input.y_pad_1 = Field(std::min(p_.image.pad_bottom, rows));
      padded_input.x_pad_0 = Field(std::min(p_.image.pad_w, columns));
      padded_input.x_pad_1 = Field(std::min(p_.image.pad_right, columns));
    }
    std::vector<Instruction> representatives = {padded_input, weight_, output_};
    if (p_.bias) representatives.push_back(bias_);
    for (const auto* handles : {&reset_, &gemm_, &alu_}) {
      for (std::size_t handle : *handles)
        representatives.push_back(stream_.KernelInstruction(handle));
    }
    for (const Instruction& instruction : representatives) {
      if (Status status = Validate(instruction, geometry_); !status.ok()) {
        return Rejection{Phase::kEncode, "encode", status.message()};
      }
    }
    return std::nullopt;
  }

  void EmitTiles() {
    const std::int64_t written = repeats_ ? std::min(tile_count_, kFewTiles) : tile_count_;
    stream_.Reserve(InstructionsPerTile() * static_cast<std::size_t>(written) + 64);
    if (tiles_chain_)
      ForEachThread([&](std::int64_t) { stream_.Push(Stage::kStore, Stage::kCompute); });
    EmitTileLoop(0, {});
    if (tiles_chain_)
      ForEachThread([&](std::int64_t) { stream_.Pop(Stage::kStore, Stage::kCompute); });
  }

  /// At most: with the no-ops that waits and signals may need.
  std::size_t InstructionsPerTile() const {
    const std::int64_t reduction = 3 * p_.reduction.extent + 3;
    const std::int64_t rest =
        2 * static_cast<std::int64_t>(p_.alu.size()) + p_.output_rows.extent + 2;
    return static_cast<std::size_t>(p_.thread.extent * (p_.inner_batch.extent * reduction + rest));
  }

  void EmitTileLoop(std::size_t depth, const TileSteps& at) {
    if (depth == p_.tiles.size()) {
      if (repeats_) {
        EmitOrRepeatTile(at);
      } else {
        EmitTile(at);
      }
      return;
    }
    const TileLoop& loop = p_.tiles[depth];
    for (std::int64_t i = 0; i < loop.extent; ++i)
      EmitTileLoop(depth + 1, Advance(at, loop.steps, i));
  }

  /// For an outline: tiles that have been written, and what runs so far.
  struct Repeats {
    explicit Repeats(std::int64_t period) : address_period(period) {}
    std::int64_t address_period;
    /// What a tile's instructions depend on but for what never changes: the state of the stream,
    /// and what KindOf writes.
    using Kind = std::vector<std::int64_t>;
    struct Written {
      CommandStream::State before;
      CommandStream::State after;
      std::uint32_t part;
    };
    std::map<Kind, std::vector<Written>> written;
    Kind kind;  // of the tile at hand
    std::vector<InstructionRange> parts;
    std::vector<std::uint32_t> order;
  };

  /// Makes what was appended behind the last part one.
  static void AddPart(std::size_t end, std::vector<InstructionRange>& parts,
                      std::vector<std::uint32_t>& order) {
    const std::uint32_t begin = parts.empty() ? 0 : parts.back().end;
    if (begin == end) return;
    order.push_back(static_cast<std::uint32_t>(parts.size()));
    parts.push_back({begin, static_cast<std::uint32_t>(end)});
  }

  void EmitOrRepeatTile(const TileSteps& at) {
    SetKind(at, repeats_->kind);
    std::vector<Repeats::Written>& written = repeats_->written[repeats_->kind];
    const CommandStream::State before = stream_.state();
    for (const Repeats::Written& tile : written) {
      if (tile.before != before) continue;
      AddPart(stream_.size(), repeats_->parts, repeats_->order);
      repeats_->order.push_back(tile.part);
      stream_.Resume(tile.after);
      return;
    }
    AddPart(stream_.size(), repeats_->parts, repeats_->order);
    EmitTile(at);
    stream_.Freeze();
    AddPart(stream_.size(), repeats_->parts, repeats_->order);
    if (stream_.state().loads == before.loads)
      written.push_back({before, stream_.state(), repeats_->order.back()});
  }

  /// Paddings, and where addresses lie within a period, of the tile's first transfers: the others'
  /// follow from them.
  void SetKind(const TileSteps& tile, Repeats::Kind& kind) const {
    kind.clear();
    const auto add_address = [&](std::int64_t element, int log_bytes) {
      kind.push_back((element << log_bytes) & (repeats_->address_period - 1));
    };
    for (std::int64_t t = 0; t < p_.thread.extent; ++t) {
      const TileSteps at = Advance(tile, p_.thread.steps, t);
      Instruction input = input_;
      const std::int64_t element = InputElement(at, input);
      add_address(element, geometry_.log_inp_elem_bytes());
      for (const std::uint32_t field :
           {input.y_pad_0, input.y_pad_1, input.x_pad_0, input.x_pad_1, input.y_size, input.x_size})
        kind.push_back(field);
    }
    add_address(wgt_base_ + tile.wgt, geometry_.log_wgt_elem_bytes());
    add_address(out_base_ + tile.out, geometry_.log_out_elem_bytes());
    add_address(bias_base_ + tile.bias, geometry_.log_acc_elem_bytes());
  }

  /// docs/reference/vta-and-autotvm.md#instruction-stream. Statements are repeated per virtual
  /// thread in place, so that one thread's loads overlap with the other's arithmetic.
  void EmitTile(const TileSteps& at) {
    for (std::int64_t b = 0; b < p_.inner_batch.extent; ++b) {
      const TileSteps row = Advance(at, p_.inner_batch.steps, b);
      ForEachThread([&](std::int64_t t) {
        if (tiles_chain_ && b == 0) stream_.Pop(Stage::kStore, Stage::kCompute);
        stream_.Run(Kernel(reset_, t, b));
        stream_.Push(Stage::kCompute, Stage::kLoad);
      });
      EmitReduction(row, b);
    }
    const bool merged = ReductionMergesWithPasses();
    if (!merged) ForEachThread([&](std::int64_t t) { EmitPasses(at, t); });
    ForEachThread([&](std::int64_t t) {
      stream_.Pop(Stage::kCompute, Stage::kStore);
      EmitStores(Advance(at, p_.thread.steps, t), t);
      if (tiles_chain_) stream_.Push(Stage::kStore, Stage::kCompute);
    });
  }

  /// With a single reduction step the GEMM and the passes behind it are one stretch of compute
  /// code.
  bool ReductionMergesWithPasses() const {
    return p_.reduction.extent == 1 && p_.inner_batch.extent == 1;
  }

  void EmitReduction(const TileSteps& at, std::int64_t b) {
    const bool merged = ReductionMergesWithPasses();
    for (std::int64_t k = 0; k < p_.reduction.extent; ++k) {
      ForEachThread([&](std::int64_t t) {
        stream_.Pop(Stage::kCompute, Stage::kLoad);
        EmitLoads(Advance(Advance(at, p_.thread.steps, t), p_.reduction.steps, k), t);
        stream_.Push(Stage::kLoad, Stage::kCompute);
      });
      ForEachThread([&](std::int64_t t) {
        stream_.Pop(Stage::kLoad, Stage::kCompute);
        stream_.Run(Kernel(gemm_, t, b));
        if (merged) EmitPasses(at, t);
        if (p_.reduction.extent > 1) stream_.Push(Stage::kCompute, Stage::kLoad);
      });
    }
    if (p_.reduction.extent > 1)
      ForEachThread([&](std::int64_t) { stream_.Pop(Stage::kCompute, Stage::kLoad); });
  }

  void EmitLoads(const TileSteps& at, std::int64_t t) {
    Instruction& input = stream_.Memory(Stage::kLoad, input_);
    input.sram_base = Field(t * p_.inp_elements);
    input.dram_base = Field(InputElement(at, input));
    Instruction& weight = stream_.Memory(Stage::kLoad, weight_);
    weight.sram_base = Field(t * p_.wgt_elements);
    weight.dram_base = Field(wgt_base_ + at.wgt);
  }

  /// The first element of a tile's inputs; clips their load as PlaceInput.
  std::int64_t InputElement(const TileSteps& at, Instruction& load) const {
    const std::int64_t group = at.channels / p_.groups.tiles * p_.groups.inp;
    return inp_base_ + at.inp + group + PlaceInput(at, load);
  }

  /// Clips the transfer to the image, turning what lies outside into padding; returns the offset of
  /// its first element in the image.
  std::int64_t PlaceInput(const TileSteps& at, Instruction& load) const {
    const std::int64_t row = at.row - p_.image.pad_h;
    const std::int64_t col = at.col - p_.image.pad_w;
    if (p_.input.y_axis == ImageAxis::kRow) {
      const Clipped y = Clip(row, p_.input.y_size, p_.image.height);
      load.y_pad_0 = Field(y.before);
      load.y_size = Field(y.size);
      load.y_pad_1 = Field(y.after);
    }
    const bool x_is_row = p_.input.x_axis == ImageAxis::kRow;
    if (p_.input.x_axis != ImageAxis::kNone) {
      const Clipped x =
          Clip(x_is_row ? row : col, p_.input.x_size, x_is_row ? p_.image.height : p_.image.width);
      load.x_pad_0 = Field(x.before);
      load.x_size = Field(x.size);
      load.x_pad_1 = Field(x.after);
    }
    return std::max<std::int64_t>(row, 0) * p_.image.width + std::max<std::int64_t>(col, 0);
  }

  void EmitPasses(const TileSteps& at, std::int64_t t) {
    for (std::size_t i = 0; i < p_.alu.size(); ++i) {
      if (!p_.alu[i].use_imm) {
        Instruction& bias = stream_.Memory(Stage::kCompute, bias_);
        bias.sram_base = Field(p_.BiasBase() + t * p_.bias_elements);
        bias.dram_base = Field(bias_base_ + Advance(at, p_.thread.steps, t).bias);
      }
      stream_.Run(alu_[static_cast<std::size_t>(t) * p_.alu.size() + i]);
    }
    stream_.Push(Stage::kCompute, Stage::kStore);
  }

  void EmitStores(const TileSteps& at, std::int64_t t) {
    for (std::int64_t row = 0; row < p_.output_rows.extent; ++row) {
      Instruction& output = stream_.Memory(Stage::kStore, output_);
      output.sram_base = Field(t * p_.acc_elements + row * p_.output_row_elements);
      output.dram_base = Field(out_base_ + at.out + row * p_.output_rows.steps.out);
    }
  }

  template <typename Body>
  void ForEachThread(const Body& body) const {
    for (std::int64_t t = 0; t < p_.thread.extent; ++t) body(t);
  }

  std::size_t Kernel(const std::vector<std::size_t>& handles, std::int64_t t,
                     std::int64_t b) const {
    return handles[static_cast<std::size_t>(t * p_.inner_batch.extent + b)];
  }

  const LoweredProgram& p_;
  const Geometry& geometry_;
  const DramLayout& dram_;
  CommandStream stream_;
  std::vector<std::size_t> reset_;  // by thread, then batch row
  std::vector<std::size_t> gemm_;
  std::vector<std::size_t> alu_;  // by thread, then pass
  Instruction input_, weight_, output_, bias_;
  std::int64_t inp_base_ = 0, wgt_base_ = 0, out_base_ = 0, bias_base_ = 0;
  static constexpr std::size_t kMostInstructions = (std::size_t{1} << 25) / 16;
  static constexpr std::int64_t kFewTiles = 8;  // that are expected to differ
  std::int64_t tile_count_ = 1;
  bool tiles_chain_ = false;
  std::optional<Repeats> repeats_;  // when an outline is wanted
};

std::uint64_t AlignToPage(std::uint64_t address) { return (address + kPage - 1) / kPage * kPage; }

}  // namespace

DramLayout LayOut(const BlockedShape& shape, const Geometry& geometry) {
  const auto bytes = [](std::int64_t elements, std::int64_t element_bytes) {
    return static_cast<std::uint64_t>(elements * element_bytes);
  };
  DramLayout dram;
  dram.inp = kPage;
  dram.wgt = AlignToPage(dram.inp + bytes(shape.InputElements(), geometry.inp_elem_bytes()));
  dram.bias = AlignToPage(dram.wgt + bytes(shape.WeightElements(), geometry.wgt_elem_bytes()));
  dram.out = AlignToPage(dram.bias + bytes(shape.BiasElements(), geometry.acc_elem_bytes()));
  dram.uop = AlignToPage(dram.out + bytes(shape.OutputElements(), geometry.out_elem_bytes()));
  return dram;
}

std::variant<DeviceProgram, Rejection> Assemble(const LoweredProgram& lowered,
                                                const Geometry& geometry, const DramLayout& dram) {
  return Assembler(lowered, geometry, dram).Run();
}

std::variant<ProgramOutline, Rejection> AssembleOutline(const LoweredProgram& lowered,
                                                        const Geometry& geometry,
                                                        const DramLayout& dram,
                                                        std::int64_t address_period) {
  return Assembler(lowered, geometry, dram).RunOutline(address_period);
}

}  // namespace foothold::vta
