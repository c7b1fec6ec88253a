#include "targets/vta/compiler/extended_compiler.h"

#include <fmt/core.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "targets/vta/compiler/extended_kernels.h"
#include "targets/vta/compiler/extended_transfers.h"
#include "targets/vta/compiler/field.h"
#include "targets/vta/compiler/kernel_pool.h"
#include "targets/vta/compiler/resident_program.h"
#include "targets/vta/compiler/tile_slots.h"
#include "targets/vta/compiler/token_stream.h"

namespace foothold::vta {
namespace {

using Position = TokenStream::Position;

/// So that one is loaded while another is added.
constexpr std::int64_t kResidualSlots = 2;

std::optional<Rejection> CheckCapacity(const ScratchpadPlan& plan, const ExtendedSchedule& s,
                                       const Geometry& g) {
  struct Occupancy {
    const char* name;
    std::int64_t needed, depth, element_bytes;
    std::string detail;
  };
  const std::array<Occupancy, 3> scratchpads = {{
      {"input", plan.InpElements(), g.inp_depth(), g.inp_elem_bytes(),
       fmt::format("{} tiles", plan.inp_slots)},
      {"weight", plan.WgtElements(), g.wgt_depth(), g.wgt_elem_bytes(),
       fmt::format("{} tiles", plan.wgt_slots)},
      {"accumulator", plan.AccElements(), g.acc_depth(), g.acc_elem_bytes(),
       fmt::format("{} tiles, {} virtual threads", plan.acc_slots, s.threads())},
  }};
  for (const Occupancy& pad : scratchpads) {
    if (pad.needed <= pad.depth) continue;
    return Rejection{Phase::kLower, "lower.capacity",
                     fmt::format("{} scratchpad: needs {} B of {} B ({})", pad.name,
                                 base::WithThousands(pad.needed * pad.element_bytes),
                                 base::WithThousands(pad.depth * pad.element_bytes), pad.detail)};
  }
  return std::nullopt;
}

std::optional<Rejection> CheckThreads(const char* axis, std::int64_t tiles, std::int64_t threads) {
  if (tiles % threads == 0) return std::nullopt;
  return Rejection{
      Phase::kLower, "lower.threads",
      fmt::format("{} tiles along {} do not split over {} virtual threads", tiles, axis, threads)};
}

/// A place in the loops over tiles: tile numbers along each loop.
struct TileAt {
  std::int64_t b = 0;
  std::int64_t h = 0;
  std::int64_t w = 0;
  std::int64_t co = 0;
  std::int64_t ci = 0;
};

/// One loop over tiles: `stride` tiles of `axis` from one iteration to the next.
struct AxisLoop {
  std::int64_t TileAt::*axis;
  std::int64_t extent;
  std::int64_t stride;
};

/// Windows of all tiles along an axis, each kind once.
class WindowKinds {
 public:
  WindowKinds(const WindowAxis& axis, std::int64_t tiles, std::int64_t positions,
              bool skip_padding) {
    for (std::int64_t i = 0; i < tiles; ++i) {
      TileWindow window = MakeTileWindow(axis, i * positions, positions, skip_padding);
      first_.push_back(window.first);
      window.first = 0;
      std::size_t kind = 0;
      while (kind < kinds_.size() && !(kinds_[kind] == window)) ++kind;
      if (kind == kinds_.size()) kinds_.push_back(window);
      kind_of_.push_back(kind);
    }
  }

  const std::vector<TileWindow>& kinds() const { return kinds_; }
  std::size_t KindOf(std::int64_t tile) const { return kind_of_[static_cast<std::size_t>(tile)]; }
  std::int64_t FirstOf(std::int64_t tile) const { return first_[static_cast<std::size_t>(tile)]; }

 private:
  std::vector<TileWindow> kinds_;
  std::vector<std::size_t> kind_of_;
  std::vector<std::int64_t> first_;
};

ScratchpadPlan PlanLayer(const Layer& layer, const ExtendedSchedule& schedule) {
  const bool has_bias = layer.epilogue.bias != Epilogue::Bias::kNone;
  ScratchpadPlan plan = PlanScratchpads(layer.shape, has_bias, schedule);
  if (layer.residual) {
    plan.residual_slots = kResidualSlots;
    plan.identities = 1;
  }
  return plan;
}

class Compiler {
 public:
  Compiler(const Layer& layer, const Geometry& geometry, const DramLayout& dram,
           const ExtendedSchedule& schedule)
      : shape_(layer.shape),
        layer_(layer),
        geometry_(geometry),
        dram_(dram),
        s_(schedule),
        tiles_(CountTiles(shape_, schedule)),
        plan_(PlanLayer(layer, schedule)),
        rows_(RowAxis(shape_), tiles_.h, s_.h, s_.skip_padding),
        columns_(ColumnAxis(shape_), tiles_.w, s_.w, s_.skip_padding),
        pool_(geometry),
        inp_(plan_.inp_slots),
        residual_(plan_.residual_slots),
        wgt_(plan_.wgt_slots),
        acc_(static_cast<std::size_t>(plan_.acc_slots)),
        loaded_bias_(static_cast<std::size_t>(schedule.co_threads), -1) {}

  std::variant<DeviceProgram, Rejection> Run() {
    if (auto r = CheckThreads("the output channels", tiles_.co, s_.co_threads))
      return *std::move(r);
    if (auto r = CheckThreads("the height", tiles_.h, s_.h_threads)) return *std::move(r);
    if (auto r = CheckCapacity(plan_, s_, geometry_)) return *std::move(r);
    if (auto r = PrepareTransfers()) return *std::move(r);
    if (auto r = EmitTiles()) return *std::move(r);
    return FinishProgram(stream_, pool_, uop_load_, dram_);
  }

 private:
  /// What is known of one slot of accumulators.
  struct AccumulatorSlot {
    Position stored = TokenStream::kNone;  // the last store that reads it
    std::optional<ElementwiseKernels> kernels;
  };
  /// What a GEMM kernel depends on: slots, and kinds of windows.
  using KernelKey = std::array<std::int64_t, 5>;

  std::optional<Rejection> PrepareTransfers() {
    std::optional<Rejection> rejection;
    const auto take = [&rejection](Transfer transfer, std::vector<TransferPart>& parts) {
      if (auto* r = std::get_if<Rejection>(&transfer)) {
        if (!rejection) rejection = std::move(*r);
      } else {
        parts = std::get<std::vector<TransferPart>>(std::move(transfer));
      }
    };
    take(StoreOutputs(shape_, s_, geometry_), store_);
    take(LoadWeights(shape_, s_, geometry_), load_wgt_);
    load_residual_ = store_;
    for (TransferPart& part : load_residual_) {
      part.instruction.opcode = Opcode::kLoad;
      part.instruction.memory = MemoryId::kInp;
    }
    for (const TileWindow& rows : rows_.kinds()) {
      for (const TileWindow& columns : columns_.kinds())
        take(LoadInputs(shape_, s_, rows, columns, geometry_), load_inp_.emplace_back());
    }
    return rejection;
  }

  /// The loops over tiles, outermost first; the last two are the virtual threads.
  std::vector<AxisLoop> Loops() const {
    const AxisLoop channels = {&TileAt::co, tiles_.co / s_.co_threads, s_.co_threads};
    const AxisLoop reduction = {&TileAt::ci, tiles_.ci, 1};
    std::vector<AxisLoop> loops = {{&TileAt::b, tiles_.b, 1},
                                   {&TileAt::h, tiles_.h / s_.h_threads, s_.h_threads},
                                   {&TileAt::w, tiles_.w, 1}};
    switch (s_.order) {
      case TileOrder::kSpaceChannelsReduction:
        loops.insert(loops.end(), {channels, reduction});
        break;
      case TileOrder::kSpaceReductionChannels:
        loops.insert(loops.end(), {reduction, channels});
        break;
    }
    loops.push_back({&TileAt::co, s_.co_threads, 1});
    loops.push_back({&TileAt::h, s_.h_threads, 1});
    return loops;
  }

  /// Walks the loops over tiles. The slot of a tile's accumulators is its number among the
  /// iterations inside the reduction loop, or among the threads when there is a single one.
  std::optional<Rejection> EmitTiles() {
    uop_load_ = stream_.Emit(MicroOpLoad(dram_));
    if (layer_.residual) identity_loaded_ = stream_.Emit(IdentityLoad());
    const std::vector<AxisLoop> loops = Loops();
    std::size_t inside = loops.size() - 2;
    if (tiles_.ci > 1) {
      inside = 0;
      while (loops[inside].axis != &TileAt::ci) ++inside;
      ++inside;
    }
    std::vector<std::int64_t> counters(loops.size(), 0);
    for (;;) {
      TileAt at;
      std::int64_t slot = 0;
      for (std::size_t i = 0; i < loops.size(); ++i) {
        at.*loops[i].axis += counters[i] * loops[i].stride;
        if (i >= inside) slot = slot * loops[i].extent + counters[i];
      }
      if (auto rejection = EmitTile(at, slot)) return rejection;
      std::size_t i = loops.size();
      while (i > 0 && ++counters[i - 1] == loops[i - 1].extent) counters[--i] = 0;
      if (i == 0) return std::nullopt;
    }
  }

  std::optional<Rejection> EmitTile(const TileAt& at, std::int64_t acc_slot) {
    AccumulatorSlot& acc = acc_[static_cast<std::size_t>(acc_slot)];
    if (auto rejection = MakeKernels(acc_slot, acc)) return rejection;
    if (at.ci == 0) {
      stream_.Emit(acc.kernels->reset, acc.stored);
      if (auto rejection = EmitResidual(at, acc_slot)) return rejection;
    }
    if (auto rejection = EmitGemm(at, acc_slot)) return rejection;
    if (at.ci == tiles_.ci - 1) {
      const Position computed = EmitPasses(at, *acc.kernels);
      acc.stored = EmitStore(at, acc_slot, computed);
    }
    return std::nullopt;
  }

  std::optional<Rejection> MakeKernels(std::int64_t slot, AccumulatorSlot& acc) {
    if (acc.kernels) return std::nullopt;
    const AccumulatorTile tile = Accumulators(slot);
    // Biases of a thread along the output channels have a slot of their own.
    const std::int64_t thread = plan_.bias_slots > 0 ? slot / s_.h_threads % s_.co_threads : 0;
    auto made = MakeElementwise(tile, layer_.epilogue, plan_.BiasBase() + thread * plan_.bias_slot,
                                geometry_, pool_);
    if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
    acc.kernels = std::get<ElementwiseKernels>(std::move(made));
    return std::nullopt;
  }

  AccumulatorTile Accumulators(std::int64_t slot) const {
    return {s_.b, s_.co, s_.h * s_.w, slot * plan_.acc_slot};
  }

  std::optional<Rejection> EmitResidual(const TileAt& at, std::int64_t acc_slot) {
    if (!layer_.residual) return std::nullopt;
    const std::int64_t element = OutputElement(at);
    const std::int64_t base =
        static_cast<std::int64_t>(layer_.residual->address >> geometry_.log_inp_elem_bytes());
    TileSlots::Slot& slot = Fill(residual_, element, {plan_.ResidualBase(), plan_.acc_slot},
                                 load_residual_, base + element);
    auto [entry, is_new] = residual_kernels_.try_emplace({slot.index, acc_slot});
    if (is_new) {
      const ResidualTile tile = {plan_.ResidualBase() + slot.index * plan_.acc_slot,
                                 plan_.IdentityBase(), layer_.residual->left_shift};
      const AccumulatorSlot& acc = acc_[static_cast<std::size_t>(acc_slot)];
      auto made = MakeResidual(Accumulators(acc_slot), tile, acc.kernels->reset, geometry_, pool_);
      if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
      entry->second = std::get<std::vector<Instruction>>(std::move(made));
    }
    const std::vector<Instruction>& kernels = entry->second;
    slot.last_read = stream_.Emit(kernels.front(), slot.loaded, identity_loaded_);
    for (std::size_t i = 1; i < kernels.size(); ++i) stream_.Emit(kernels[i]);
    return std::nullopt;
  }

  std::optional<Rejection> EmitGemm(const TileAt& at, std::int64_t acc_slot) {
    const std::size_t row_kind = rows_.KindOf(at.h);
    const std::size_t column_kind = columns_.KindOf(at.w);
    const std::vector<TransferPart>& load =
        load_inp_[row_kind * columns_.kinds().size() + column_kind];
    if (load.empty()) return std::nullopt;  // nothing but padding
    TileSlots::Slot& inp = LoadInput(at, load);
    TileSlots::Slot& wgt = LoadWeight(at);

    const KernelKey key = {inp.index, wgt.index, acc_slot, static_cast<std::int64_t>(row_kind),
                           static_cast<std::int64_t>(column_kind)};
    auto [entry, is_new] = gemm_.try_emplace(key);
    if (is_new) {
      const GemmTile tile = {s_.b,
                             s_.co,
                             s_.ci,
                             rows_.kinds()[row_kind],
                             columns_.kinds()[column_kind],
                             inp.index * plan_.inp_slot,
                             wgt.index * plan_.wgt_slot,
                             acc_slot * plan_.acc_slot,
                             shape_.GroupsOf(s_.co)};
      auto made = MakeGemm(tile, s_.loops, geometry_, pool_);
      if (auto* rejection = std::get_if<Rejection>(&made)) return std::move(*rejection);
      entry->second = std::get<std::vector<Instruction>>(std::move(made));
    }
    for (const Instruction& gemm : entry->second)
      inp.last_read = wgt.last_read = stream_.Emit(gemm, inp.loaded, wgt.loaded);
    return std::nullopt;
  }

  TileSlots::Slot& LoadInput(const TileAt& at, const std::vector<TransferPart>& load) {
    const std::int64_t group = at.co * s_.co / shape_.group_out();  // the first of the tile
    const std::int64_t channels = (at.b * shape_.groups + group) * tiles_.ci + at.ci;
    const std::int64_t tile = (channels * tiles_.h + at.h) * tiles_.w + at.w;
    const std::int64_t channel =
        at.b * s_.b * shape_.in_channels + group * shape_.group_in() + at.ci * s_.ci;
    const std::int64_t element =
        (channel * shape_.height + rows_.FirstOf(at.h)) * shape_.width + columns_.FirstOf(at.w);
    const std::int64_t base =
        static_cast<std::int64_t>(dram_.inp >> geometry_.log_inp_elem_bytes());
    return Fill(inp_, tile, {0, plan_.inp_slot}, load, base + element);
  }

  TileSlots::Slot& LoadWeight(const TileAt& at) {
    const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
    const std::int64_t element = (at.co * s_.co * shape_.group_in() + at.ci * s_.ci) * kernel;
    const std::int64_t base =
        static_cast<std::int64_t>(dram_.wgt >> geometry_.log_wgt_elem_bytes());
    return Fill(wgt_, at.co * tiles_.ci + at.ci, {0, plan_.wgt_slot}, load_wgt_, base + element);
  }

  /// Where a tensor's slots lie in its scratchpad.
  struct SlotLayout {
    std::int64_t base;
    std::int64_t slot;  // elements
  };

  /// Makes sure that a tile is in one of its tensor's slots.
  TileSlots::Slot& Fill(TileSlots& slots, std::int64_t tile, const SlotLayout& layout,
                        const std::vector<TransferPart>& load, std::int64_t dram_base) {
    TileSlots::Slot& slot = slots.Find(tile);
    if (slot.tile == tile) return slot;
    slot.tile = tile;
    for (const TransferPart& part : load) {
      Instruction instruction = part.instruction;
      instruction.sram_base = Field(layout.base + slot.index * layout.slot + part.sram_offset);
      instruction.dram_base = Field(dram_base + part.dram_offset);
      slot.loaded = stream_.Emit(instruction, slot.last_read);
    }
    return slot;
  }

  Position EmitPasses(const TileAt& at, const ElementwiseKernels& kernels) {
    Position last = TokenStream::kNone;
    for (const Instruction& pass : kernels.before_bias) last = stream_.Emit(pass);
    if (!kernels.add_bias.empty()) LoadBias(at);
    for (const Instruction& pass : kernels.add_bias) last = stream_.Emit(pass);
    for (const Instruction& pass : kernels.after_bias) last = stream_.Emit(pass);
    return last;
  }

  /// Biases are loaded by the compute unit itself, which needs no tokens. They are the same for all
  /// rows of the batch.
  void LoadBias(const TileAt& at) {
    const std::int64_t slot = at.co % s_.co_threads;
    std::int64_t& loaded = loaded_bias_[static_cast<std::size_t>(slot)];
    if (loaded == at.co) return;
    loaded = at.co;
    Instruction load;
    load.opcode = Opcode::kLoad;
    load.memory = MemoryId::kAcc;
    load.y_size = 1;
    load.x_size = load.x_stride = Field(s_.co);
    load.sram_base = Field(plan_.BiasBase() + slot * plan_.bias_slot);
    load.dram_base = Field(static_cast<std::int64_t>(dram_.bias >> geometry_.log_acc_elem_bytes()) +
                           at.co * s_.co);
    stream_.Emit(load);
  }

  /// Of a tile's first output, from the beginning of the tensor.
  std::int64_t OutputElement(const TileAt& at) const {
    const std::int64_t channel = at.b * s_.b * shape_.out_channels + at.co * s_.co;
    return (channel * shape_.out_height + at.h * s_.h) * shape_.out_width + at.w * s_.w;
  }

  Position EmitStore(const TileAt& at, std::int64_t acc_slot, Position computed) {
    const std::int64_t element = OutputElement(at);
    const std::int64_t base =
        static_cast<std::int64_t>(dram_.out >> geometry_.log_out_elem_bytes());
    Position last = TokenStream::kNone;
    for (const TransferPart& part : store_) {
      Instruction instruction = part.instruction;
      instruction.sram_base = Field(acc_slot * plan_.acc_slot + part.sram_offset);
      instruction.dram_base = Field(base + element + part.dram_offset);
      last = stream_.Emit(instruction, computed);
    }
    return last;
  }

  Instruction IdentityLoad() const {
    Instruction load;
    load.opcode = Opcode::kLoad;
    load.memory = MemoryId::kWgt;
    load.y_size = load.x_size = load.x_stride = 1;
    load.sram_base = Field(plan_.IdentityBase());
    load.dram_base = Field(static_cast<std::int64_t>(layer_.residual->identity_address >>
                                                     geometry_.log_wgt_elem_bytes()));
    return load;
  }

  const BlockedShape& shape_;
  const Layer& layer_;
  const Geometry& geometry_;
  const DramLayout& dram_;
  const ExtendedSchedule& s_;
  const TileCounts tiles_;
  const ScratchpadPlan plan_;
  const WindowKinds rows_;
  const WindowKinds columns_;

  std::vector<TransferPart> store_;
  std::vector<TransferPart> load_wgt_;
  std::vector<TransferPart> load_residual_;
  std::vector<std::vector<TransferPart>> load_inp_;  // by kind of rows, then of columns

  TokenStream stream_;
  KernelPool pool_;
  TileSlots inp_;
  TileSlots residual_;
  TileSlots wgt_;
  std::vector<AccumulatorSlot> acc_;
  std::map<KernelKey, std::vector<Instruction>> gemm_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Instruction>> residual_kernels_;
  Position identity_loaded_ = TokenStream::kNone;
  std::vector<std::int64_t> loaded_bias_;  // by thread along the output channels: tile number
  Position uop_load_ = TokenStream::kNone;
};

}  // namespace

std::variant<DeviceProgram, Rejection> CompileExtended(const Layer& layer, const Geometry& geometry,
                                                       const DramLayout& dram,
                                                       const ExtendedSchedule& schedule) {
  return Compiler(layer, geometry, dram, schedule).Run();
}

}  // namespace foothold::vta
