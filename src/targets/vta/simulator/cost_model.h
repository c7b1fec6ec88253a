#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"
#include "targets/vta/simulator/burst_port.h"
#include "targets/vta/simulator/timing.h"

namespace foothold::vta {

/// What one instruction costs with the machine to itself.
struct Cost {
  std::int64_t cycles = 1;
  std::int64_t port_cycles = 0;  ///< of these, how many the DRAM port is taken; 0: not used
};

/// The figures of a Timing for one geometry, as integers: cycles in 1/1024. Immutable.
class CostModel {
 public:
  CostModel(const Geometry& geometry, const Timing& timing);

  /// At least one cycle. O(1), but O(rows) where bursts are aligned and rows differ.
  Cost Of(const Instruction& instruction) const {
    if (instruction.opcode <= Opcode::kStore) return OfTransfer(instruction);
    return OfLoop(instruction);
  }
  /// Whether the cost of transfers of this memory depends on more than their shape: on where bursts
  /// or beats are cut.
  bool DependsOnAddress(MemoryId memory) const;
  /// Transfers whose addresses are equal modulo so many bytes cost the same: a power of two; 1
  /// where addresses do not matter.
  std::int64_t AddressPeriod() const;
  /// A batch of instructions read by fetch, before they are handed out.
  Cost FetchBatch(std::int64_t instructions) const;

  /// Whether loads and fetch go through a BurstPort, and what it is told of them. The costs above
  /// are then what they take with the port to themselves.
  bool has_bursts() const { return has_bursts_; }
  const BurstPort::Figures& port() const { return port_; }
  /// What an instruction takes at least: with bursts, a transfer that finds memory busy with
  /// another one's pays no latency.
  std::int64_t LeastCycles(const Instruction& instruction) const {
    const Cost cost = Of(instruction);
    const bool waits = has_bursts_ && instruction.opcode == Opcode::kLoad && cost.port_cycles > 0;
    return waits ? std::max<std::int64_t>(1, cost.cycles - port_.latency) : cost.cycles;
  }
  /// REQUIRES: a load that moves data.
  BurstTransfer Bursts(const Instruction& load) const;
  BurstTransfer FetchBursts(std::int64_t instructions) const;

 private:
  friend class CostCache;
  using Fixed = std::int64_t;
  struct Dma {
    Fixed start_up, per_row, per_burst, per_beat, per_element, per_pad_element, per_top_pad_row;
    int log_beat_bytes;
    int log_burst_bytes;  // 62: never cut
    bool bursts_aligned;
    bool pads_overlap;
    int log_element_bytes;  // in DRAM
  };
  struct Loop {
    Fixed start_up, per_entry, per_uop;
  };

  static Fixed ToFixed(double cycles);
  static Dma MakeDma(const Timing& timing, const DmaTiming& dma, int log_element_bytes);
  static Loop MakeLoop(const LoopTiming& loop);
  Cost OfTransfer(const Instruction& instruction) const;
  /// GEMM, ALU and FINISH.
  Cost OfLoop(const Instruction& i) const {
    if (i.opcode == Opcode::kFinish) return {ToCycles(finish_), 0};
    const Loop& loop = loops_[(i.opcode == Opcode::kAlu ? 2 : 0) + (i.reset || i.use_imm ? 1 : 0)];
    const std::int64_t entries = std::int64_t{i.iter_out} * i.iter_in;
    const std::int64_t uops = i.uop_end > i.uop_begin ? i.uop_end - i.uop_begin : 0;
    const Fixed fixed = loop.start_up + (loop.per_entry + uops * loop.per_uop) * entries;
    return {std::max<std::int64_t>(1, ToCycles(fixed)), 0};
  }
  static constexpr int kFractionBits = 10;
  /// Rounded up.
  static std::int64_t ToCycles(Fixed fixed) {
    return (fixed + (Fixed{1} << kFractionBits) - 1) >> kFractionBits;
  }
  static std::int64_t CountBursts(const Dma& dma, std::int64_t address, std::int64_t row_bytes,
                                  std::int64_t stride_bytes, std::int64_t rows);

  std::array<Dma, 6> dma_;     // by MemoryId
  std::array<Loop, 4> loops_;  // gemm, gemm reset, alu tensor, alu immediate
  Fixed sync_, finish_;
  Fixed fetch_start_up_, fetch_per_beat_;
  Fixed port_per_beat_;
  Fixed port_latency_;
  bool has_bursts_;
  BurstPort::Figures port_;
};

/// A CostModel that remembers, for each memory, the shape of the last transfer and its cost:
/// programs repeat themselves. Not thread-safe.
class CostCache {
 public:
  /// `model` must outlive the cache.
  explicit CostCache(const CostModel& model) : model_(model) {
    for (std::size_t m = 0; m < entries_.size(); ++m)
      entries_[m].usable = !model.DependsOnAddress(static_cast<MemoryId>(m));
  }

  /// The same as model.Of(instruction). REQUIRES: a memory that exists.
  Cost Of(const Instruction& instruction) {
    if (instruction.opcode > Opcode::kStore) return model_.Of(instruction);
    Entry& entry = entries_[static_cast<std::size_t>(instruction.memory)];
    if (std::memcmp(entry.shape.data(), Shape(instruction), kShapeBytes) == 0) return entry.cost;
    const Cost cost = model_.Of(instruction);
    if (entry.usable) {
      std::memcpy(entry.shape.data(), Shape(instruction), kShapeBytes);
      entry.cost = cost;
    }
    return cost;
  }

 private:
  // y_size, x_size, x_stride and the four pads stand side by side.
  static constexpr std::size_t kShapeBytes = 7 * sizeof(std::uint32_t);
  static_assert(offsetof(Instruction, x_pad_1) - offsetof(Instruction, y_size) ==
                6 * sizeof(std::uint32_t));
  static const std::byte* Shape(const Instruction& instruction) {
    return reinterpret_cast<const std::byte*>(&instruction) + offsetof(Instruction, y_size);
  }

  struct Entry {
    // No transfer has this shape: 65,535 is the most that any field holds.
    std::array<std::uint32_t, 7> shape{~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U};
    bool usable = false;
    Cost cost;
  };
  const CostModel& model_;
  std::array<Entry, 6> entries_;  // by MemoryId
};

}  // namespace foothold::vta
