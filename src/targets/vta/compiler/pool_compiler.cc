#include "targets/vta/compiler/pool_compiler.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "targets/vta/compiler/extended_kernels.h"
#include "targets/vta/compiler/extended_schedule.h"
#include "targets/vta/compiler/field.h"
#include "targets/vta/compiler/kernel_pool.h"
#include "targets/vta/compiler/resident_program.h"
#include "targets/vta/compiler/tile_window.h"
#include "targets/vta/compiler/token_stream.h"
#include "targets/vta/isa/isa_table.h"

namespace foothold::vta {
namespace {

using Position = TokenStream::Position;

/// One is computed while the other is loaded and stored.
constexpr std::int64_t kSlots = 2;
/// The longest list of micro-ops for one place in the window.
constexpr std::int64_t kMostColumns = 64;
constexpr std::int64_t kLeast = -128;

std::int64_t LinesOf(const WindowAxis& axis, std::int64_t outputs, std::int64_t positions) {
  std::int64_t most = 0;
  for (std::int64_t at = 0; at < outputs; at += positions) {
    const std::int64_t some = std::min(positions, outputs - at);
    most = std::max(most, MakeTileWindow(axis, at, some, true).lines());
  }
  return most;
}

struct PoolTile {
  std::int64_t h = 0;        ///< output rows; 0: nothing fits
  std::int64_t w = 0;        ///< output columns
  std::int64_t inputs = 0;   ///< elements, at most
  std::int64_t outputs = 0;  ///< elements, at most
  std::int64_t slot() const { return inputs + outputs; }
};

/// The largest tile of which two fit: whole rows if possible.
PoolTile ChooseTile(const BlockedShape& shape, const Geometry& geometry) {
  for (std::int64_t w = shape.out_width; w >= 1; w = w == 1 ? 0 : (w + 1) / 2) {
    for (std::int64_t h = shape.out_height; h >= 1; --h) {
      const PoolTile tile = {h, w,
                             LinesOf(RowAxis(shape), shape.out_height, h) *
                                 LinesOf(ColumnAxis(shape), shape.out_width, w),
                             h * w};
      const bool fits = kSlots * tile.inputs <= geometry.inp_depth() &&
                        kSlots * tile.slot() <= geometry.acc_depth();
      if (fits) return tile;
    }
  }
  return {};
}

class PoolCompiler {
 public:
  PoolCompiler(const BlockedShape& shape, std::uint64_t identity_address, const Geometry& geometry,
               const DramLayout& dram)
      : shape_(shape),
        identity_address_(identity_address),
        geometry_(geometry),
        dram_(dram),
        tile_(ChooseTile(shape, geometry)),
        pool_(geometry) {}

  std::variant<DeviceProgram, Rejection> Run() {
    if (tile_.h == 0) {
      return Rejection{Phase::kLower, "lower.capacity",
                       fmt::format("max-pool: one window of {}x{} does not fit the scratchpads",
                                   shape_.kernel_h, shape_.kernel_w)};
    }
    const Position uop_load = stream_.Emit(MicroOpLoad(dram_));
    identity_loaded_ = stream_.Emit(IdentityLoad());
    std::int64_t tiles = 0;
    for (std::int64_t plane = 0; plane < shape_.batch; ++plane) {
      for (std::int64_t y = 0; y < shape_.out_height; y += tile_.h) {
        for (std::int64_t x = 0; x < shape_.out_width; x += tile_.w) {
          if (auto rejection = EmitTile({plane, y, x}, tiles++ % kSlots)) return *rejection;
        }
      }
    }
    return FinishProgram(stream_, pool_, uop_load, dram_);
  }

 private:
  struct TileAt {
    std::int64_t plane;
    std::int64_t y;
    std::int64_t x;
  };
  /// What the instructions of a tile depend on.
  struct Windows {
    TileWindow rows;
    TileWindow columns;
    std::int64_t slot;
  };
  struct Slot {
    Position read = TokenStream::kNone;    // the last GEMM that read its inputs
    Position stored = TokenStream::kNone;  // the last store of its outputs
  };
  struct Kernels {
    Windows windows;
    std::vector<Instruction> copy;  // zeros, then the inputs; none when there is only padding
    std::vector<Instruction> passes;
  };

  static bool AreAlike(const TileWindow& a, TileWindow b) {
    b.first = a.first;
    return a == b;
  }

  std::optional<Rejection> EmitTile(const TileAt& at, std::int64_t slot_index) {
    const Windows windows = {
        MakeTileWindow(RowAxis(shape_), at.y, std::min(tile_.h, shape_.out_height - at.y), true),
        MakeTileWindow(ColumnAxis(shape_), at.x, std::min(tile_.w, shape_.out_width - at.x), true),
        slot_index};
    auto made = FindKernels(windows);
    if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
    const Kernels& kernels = kernels_[std::get<std::size_t>(made)];
    Slot& slot = slots_[static_cast<std::size_t>(slot_index)];
    if (!kernels.copy.empty()) {
      const Position loaded = stream_.Emit(InputLoad(at, windows), slot.read);
      stream_.Emit(kernels.copy.front());
      slot.read = stream_.Emit(kernels.copy.back(), loaded, identity_loaded_);
    }
    Position last = slot.stored;
    for (const Instruction& pass : kernels.passes) last = stream_.Emit(pass, slot.stored);
    slot.stored = stream_.Emit(OutputStore(at, windows), last);
    return std::nullopt;
  }

  /// The index in kernels_ of what serves these windows.
  std::variant<std::size_t, Rejection> FindKernels(const Windows& windows) {
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      const Windows& other = kernels_[i].windows;
      if (other.slot == windows.slot && AreAlike(other.rows, windows.rows) &&
          AreAlike(other.columns, windows.columns)) {
        return i;
      }
    }
    Kernels kernels = {windows, {}, {}};
    if (auto rejection = MakeCopy(windows, kernels)) return *std::move(rejection);
    if (auto rejection = MakePasses(windows, kernels)) return *std::move(rejection);
    kernels_.push_back(std::move(kernels));
    return kernels_.size() - 1;
  }

  std::int64_t InputBase(const Windows& windows) const { return windows.slot * tile_.slot(); }
  std::int64_t OutputBase(const Windows& windows) const {
    return InputBase(windows) + tile_.inputs;
  }

  std::optional<Rejection> MakeCopy(const Windows& windows, Kernels& kernels) {
    const std::int64_t inputs = windows.rows.lines() * windows.columns.lines();
    if (inputs == 0) return std::nullopt;
    auto made = LoopsOverTile({1, 1, inputs, InputBase(windows)}, windows.slot * tile_.inputs,
                              IdentityIndex(), pool_);
    if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
    Instruction copy = std::get<Instruction>(made);
    copy.opcode = Opcode::kGemm;
    Instruction reset = copy;
    reset.reset = true;
    kernels.copy = {reset, copy};
    return Check(kernels.copy);
  }

  std::optional<Rejection> MakePasses(const Windows& windows, Kernels& kernels) {
    const std::int64_t base = OutputBase(windows);
    const std::int64_t outputs = windows.rows.positions * windows.columns.positions;
    auto made = LoopsOverTile({1, 1, outputs, base}, base, 0, pool_);
    if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
    Instruction reset = std::get<Instruction>(made);
    kernels.passes.push_back(Immediate(AluOpcode::kAdd, kLeast, reset));
    reset.opcode = Opcode::kGemm;
    reset.reset = true;
    kernels.passes.insert(kernels.passes.begin(), reset);
    for (const WindowPiece& rows : WindowPieces(windows.rows)) {
      for (const WindowPiece& columns : WindowPieces(windows.columns)) {
        for (std::int64_t dy = rows.d_begin; dy < rows.d_end; ++dy) {
          for (std::int64_t dx = columns.d_begin; dx < columns.d_end; ++dx) {
            if (auto rejection = AddTap(windows, {rows, columns, dy, dx}, kernels.passes))
              return rejection;
          }
        }
      }
    }
    return Check(kernels.passes);
  }

  /// One place in the window, and the outputs whose input is there.
  struct Tap {
    const WindowPiece& rows;
    const WindowPiece& columns;
    std::int64_t dy;
    std::int64_t dx;
  };
  std::optional<Rejection> AddTap(const Windows& windows, const Tap& tap,
                                  std::vector<Instruction>& passes) {
    const std::int64_t width = windows.columns.positions;
    const std::int64_t lines = windows.columns.lines();
    const std::int64_t columns = tap.columns.end - tap.columns.begin;
    const std::int64_t list = LargestDivisor(columns, kMostColumns);
    if (auto rejection = pool_.Reserve(list)) return rejection;
    for (std::int64_t x = tap.columns.begin; x < tap.columns.begin + list; ++x) {
      pool_.Add(OutputBase(windows) + tap.rows.begin * width + x,
                InputBase(windows) + windows.rows.LineOf(tap.rows.begin, tap.dy) * lines +
                    windows.columns.LineOf(x, tap.dx),
                0);
    }
    const KernelPool::Range range = pool_.Finish();
    Instruction pass;
    pass.opcode = Opcode::kAlu;
    pass.alu_opcode = AluOpcode::kMax;
    pass.uop_begin = range.first;
    pass.uop_end = range.second;
    pass.iter_out = Field(tap.rows.end - tap.rows.begin);
    pass.dst_factor_out = Field(width);
    pass.src_factor_out = Field(windows.rows.step * lines);
    pass.iter_in = Field(columns / list);
    pass.dst_factor_in = Field(list);
    pass.src_factor_in = Field(list * windows.columns.step);
    passes.push_back(pass);
    return std::nullopt;
  }

  std::optional<Rejection> Check(const std::vector<Instruction>& instructions) const {
    for (const Instruction& instruction : instructions) {
      if (Status status = Validate(instruction, geometry_); !status.ok())
        return Rejection{Phase::kEncode, "encode", status.message()};
    }
    return std::nullopt;
  }

  /// The weights hold nothing but the identity.
  static constexpr std::int64_t IdentityIndex() { return 0; }

  Instruction IdentityLoad() const {
    Instruction load;
    load.opcode = Opcode::kLoad;
    load.memory = MemoryId::kWgt;
    load.y_size = load.x_size = load.x_stride = 1;
    load.dram_base =
        Field(static_cast<std::int64_t>(identity_address_ >> geometry_.log_wgt_elem_bytes()));
    return load;
  }

  Instruction InputLoad(const TileAt& at, const Windows& windows) const {
    const std::int64_t element =
        (at.plane * shape_.height + windows.rows.first) * shape_.width + windows.columns.first;
    Instruction load;
    load.opcode = Opcode::kLoad;
    load.memory = MemoryId::kInp;
    load.sram_base = Field(windows.slot * tile_.inputs);
    load.dram_base =
        Field(static_cast<std::int64_t>(dram_.inp >> geometry_.log_inp_elem_bytes()) + element);
    load.y_size = Field(windows.rows.size);
    load.x_size = Field(windows.columns.size);
    load.x_stride = Field(windows.rows.image_step * shape_.width);
    return load;
  }

  Instruction OutputStore(const TileAt& at, const Windows& windows) const {
    const std::int64_t element = (at.plane * shape_.out_height + at.y) * shape_.out_width + at.x;
    Instruction store;
    store.opcode = Opcode::kStore;
    store.memory = MemoryId::kOut;
    store.sram_base = Field(OutputBase(windows));
    store.dram_base =
        Field(static_cast<std::int64_t>(dram_.out >> geometry_.log_out_elem_bytes()) + element);
    store.y_size = Field(windows.rows.positions);
    store.x_size = Field(windows.columns.positions);
    store.x_stride = Field(shape_.out_width);
    return store;
  }

  const BlockedShape& shape_;
  const std::uint64_t identity_address_;
  const Geometry& geometry_;
  const DramLayout& dram_;
  const PoolTile tile_;

  TokenStream stream_;
  KernelPool pool_;
  std::vector<Kernels> kernels_;
  std::array<Slot, kSlots> slots_;
  Position identity_loaded_ = TokenStream::kNone;
};

}  // namespace

std::variant<DeviceProgram, Rejection> CompileMaxPool(const BlockedShape& shape,
                                                      std::uint64_t identity_address,
                                                      const Geometry& geometry,
                                                      const DramLayout& dram) {
  return PoolCompiler(shape, identity_address, geometry, dram).Run();
}

}  // namespace foothold::vta
