#pragma once

#include <array>
#include <cstdint>

#include "vta/isa/hardware.h"
#include "vta/isa/instruction.h"
#include "vta/simulator/timing.h"

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
  Cost Of(const Instruction& instruction) const;
  /// A batch of instructions read by fetch, before they are handed out.
  Cost FetchBatch(std::int64_t instructions) const;

 private:
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

  static Dma MakeDma(const DmaTiming& dma, int log_element_bytes);
  static Loop MakeLoop(const LoopTiming& loop);
  Cost OfTransfer(const Instruction& instruction) const;
  Cost OfLoop(const Loop& loop, const Instruction& instruction) const;
  static std::int64_t CountBursts(const Dma& dma, std::int64_t address, std::int64_t row_bytes,
                                  std::int64_t stride_bytes, std::int64_t rows);

  std::array<Dma, 6> dma_;  // by MemoryId
  Loop gemm_, gemm_reset_, alu_imm_, alu_tensor_;
  Fixed sync_, finish_;
  Fixed fetch_start_up_, fetch_per_beat_;
  Fixed port_per_beat_;
};

}  // namespace foothold::vta
