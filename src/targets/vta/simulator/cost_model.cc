#include "targets/vta/simulator/cost_model.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "targets/vta/simulator/work.h"

namespace foothold::vta {
namespace {

constexpr int kNeverCut = 62;
constexpr std::int64_t kFetchBeatsPerInstruction = 2;
constexpr int kLogFetchBeatBytes = 3;
// Of a load's start_up, the cycles that come after its last beat: the data are registered once and
// written, and the unit becomes idle.
constexpr std::int64_t kCyclesAfterData = 3;
// Zeros that are written beside the data take the cycles in which none arrive, but for these (in
// 1/1024 of a cycle).
constexpr std::int64_t kUnusedWait = std::int64_t{2} << 10;

int Log2(double power_of_two) { return std::countr_zero(static_cast<std::uint64_t>(power_of_two)); }

}  // namespace

CostModel::Fixed CostModel::ToFixed(double cycles) {
  return std::llround(cycles * (1 << kFractionBits));
}

CostModel::Dma CostModel::MakeDma(const Timing& timing, const DmaTiming& dma,
                                  int log_element_bytes) {
  Dma result;
  result.start_up = ToFixed(dma.start_up + timing.Cycles(dma.start_up_ns));
  result.per_row = ToFixed(dma.per_row + timing.Cycles(dma.per_row_ns));
  result.per_burst = ToFixed(dma.per_burst + timing.Cycles(dma.per_burst_ns));
  result.per_beat = ToFixed(dma.per_beat);
  result.per_element = ToFixed(dma.per_element);
  result.per_pad_element = ToFixed(dma.per_pad_element);
  result.per_top_pad_row = ToFixed(dma.per_top_pad_row);
  result.log_beat_bytes = Log2(dma.beat_bytes);
  result.log_burst_bytes = dma.burst_bytes == 0 ? kNeverCut : Log2(dma.burst_bytes);
  result.bursts_aligned = dma.bursts_aligned != 0;
  result.pads_overlap = dma.pads_overlap != 0;
  result.log_element_bytes = log_element_bytes;
  return result;
}

CostModel::Loop CostModel::MakeLoop(const LoopTiming& loop) {
  return {ToFixed(loop.start_up), ToFixed(loop.per_entry), ToFixed(loop.per_uop)};
}

CostModel::CostModel(const Geometry& geometry, const Timing& timing)
    : loops_{MakeLoop(timing.gemm), MakeLoop(timing.gemm_reset), MakeLoop(timing.alu_tensor),
             MakeLoop(timing.alu_imm)},
      sync_(ToFixed(timing.sync_cycles)),
      finish_(ToFixed(timing.finish_cycles)),
      fetch_start_up_(ToFixed(timing.fetch_start_up + timing.Cycles(timing.fetch_start_up_ns))),
      fetch_per_beat_(ToFixed(timing.fetch_per_beat)),
      port_per_beat_(ToFixed(timing.port_cycles_per_beat)),
      port_latency_(ToFixed(timing.PortLatencyCycles())),
      has_bursts_(timing.port_outstanding > 0) {
  const DmaTiming* const timings[] = {&timing.load_uop, &timing.load_wgt,  &timing.load_inp,
                                      &timing.load_acc, &timing.store_out, &timing.load_acc};
  for (std::size_t m = 0; m < dma_.size(); ++m)
    dma_[m] = MakeDma(timing, *timings[m], LogDramElementBytes(geometry, static_cast<MemoryId>(m)));
  port_.latency = std::llround(timing.PortLatencyCycles());
  port_.command_interval = std::llround(timing.port_command_cycles);
  port_.outstanding = static_cast<std::size_t>(timing.port_outstanding);
  port_.log_beat_bytes = dma_[static_cast<std::size_t>(MemoryId::kInp)].log_beat_bytes;
  port_.log_burst_bytes = dma_[static_cast<std::size_t>(MemoryId::kInp)].log_burst_bytes;
}

bool CostModel::DependsOnAddress(MemoryId memory) const {
  const Dma& dma = dma_[static_cast<std::size_t>(memory)];
  const bool cut_by_address =
      dma.bursts_aligned && dma.per_burst != 0 && dma.log_burst_bytes != kNeverCut;
  return cut_by_address || dma.log_element_bytes < dma.log_beat_bytes;
}

std::int64_t CostModel::AddressPeriod() const {
  int log = has_bursts_ ? port_.log_burst_bytes : 0;
  for (std::size_t m = 0; m < dma_.size(); ++m) {
    if (!DependsOnAddress(static_cast<MemoryId>(m))) continue;
    const Dma& dma = dma_[m];
    const bool is_cut = dma.bursts_aligned && dma.log_burst_bytes != kNeverCut;
    log = std::max({log, dma.log_beat_bytes, is_cut ? dma.log_burst_bytes : 0});
  }
  return std::int64_t{1} << log;
}

std::int64_t CostModel::CountBursts(const Dma& dma, std::int64_t address, std::int64_t row_bytes,
                                    std::int64_t stride_bytes, std::int64_t rows) {
  const int log = dma.log_burst_bytes;
  const std::int64_t mask = (std::int64_t{1} << log) - 1;
  if (!dma.bursts_aligned || log == kNeverCut) return rows * ((row_bytes + mask) >> log);
  if ((stride_bytes & mask) == 0 || rows == 1)
    return rows * (((address & mask) + row_bytes + mask) >> log);
  std::int64_t bursts = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    bursts += (((address + row * stride_bytes) & mask) + row_bytes + mask) >> log;
  return bursts;
}

Cost CostModel::OfTransfer(const Instruction& i) const {
  if (i.x_size == 0) return {std::max<std::int64_t>(1, ToCycles(sync_)), 0};
  const Dma& dma = dma_[static_cast<std::size_t>(i.memory)];
  const std::int64_t rows = i.y_size;
  const std::int64_t row_bytes = std::int64_t{i.x_size} << dma.log_element_bytes;
  const std::int64_t stride_bytes = std::int64_t{i.x_stride} << dma.log_element_bytes;
  const std::int64_t address = std::int64_t{i.dram_base} << dma.log_element_bytes;
  const std::int64_t beat_mask = (std::int64_t{1} << dma.log_beat_bytes) - 1;
  const std::int64_t beats =
      rows * (((address & beat_mask) + row_bytes + beat_mask) >> dma.log_beat_bytes);
  const std::int64_t bursts =
      dma.per_burst == 0 ? 0 : CountBursts(dma, address, row_bytes, stride_bytes, rows);
  std::int64_t data = rows * (dma.per_row + i.x_size * dma.per_element) + bursts * dma.per_burst +
                      beats * dma.per_beat;
  if ((i.x_pad_0 | i.x_pad_1 | i.y_pad_0 | i.y_pad_1) != 0 && i.opcode == Opcode::kLoad) {
    const std::int64_t width = std::int64_t{i.x_pad_0} + i.x_size + i.x_pad_1;
    const std::int64_t pads =
        width * (std::int64_t{i.y_pad_0} + rows + i.y_pad_1) - rows * i.x_size;
    const std::int64_t padding = pads * dma.per_pad_element;
    const Fixed waiting = dma.start_up + port_latency_ - kUnusedWait;
    data += dma.pads_overlap ? std::max<Fixed>(0, padding - waiting) : padding;
    data += i.y_pad_0 * dma.per_top_pad_row;
  }
  const Fixed latency = i.opcode == Opcode::kLoad && rows > 0 ? port_latency_ : 0;
  return {std::max<std::int64_t>(1, ToCycles(dma.start_up + latency + data)),
          ToCycles(beats * port_per_beat_)};
}

BurstTransfer CostModel::Bursts(const Instruction& i) const {
  constexpr PortClient kClients[] = {PortClient::kUop, PortClient::kWgt, PortClient::kInp,
                                     PortClient::kAcc, PortClient::kAcc, PortClient::kAcc};
  const Dma& dma = dma_[static_cast<std::size_t>(i.memory)];
  BurstTransfer transfer;
  transfer.client = kClients[static_cast<std::size_t>(i.memory)];
  transfer.address = std::int64_t{i.dram_base} << dma.log_element_bytes;
  transfer.row_bytes = std::int64_t{i.x_size} << dma.log_element_bytes;
  transfer.stride_bytes = std::int64_t{i.x_stride} << dma.log_element_bytes;
  transfer.rows = i.y_size;
  transfer.cycles_after = kCyclesAfterData;
  transfer.cycles_before = std::max<std::int64_t>(
      0, ToCycles(dma.start_up + i.y_pad_0 * dma.per_top_pad_row) - kCyclesAfterData);
  const std::int64_t width = std::int64_t{i.x_pad_0} + i.x_size + i.x_pad_1;
  const std::int64_t pads =
      width * (std::int64_t{i.y_pad_0} + i.y_size + i.y_pad_1) - std::int64_t{i.y_size} * i.x_size;
  const std::int64_t beats = transfer.rows * (transfer.row_bytes >> dma.log_beat_bytes);
  if (pads > 0) {
    transfer.least_cycles = ToCycles(pads * dma.per_pad_element + beats * dma.per_beat +
                                     i.y_pad_0 * dma.per_top_pad_row + kUnusedWait);
  }
  return transfer;
}

BurstTransfer CostModel::FetchBursts(std::int64_t instructions) const {
  BurstTransfer transfer;
  transfer.client = PortClient::kFetch;
  transfer.row_bytes = transfer.stride_bytes = (instructions * kFetchBeatsPerInstruction)
                                               << kLogFetchBeatBytes;
  transfer.cycles_after = std::min<std::int64_t>(kCyclesAfterData, ToCycles(fetch_start_up_));
  transfer.cycles_before = ToCycles(fetch_start_up_) - transfer.cycles_after;
  return transfer;
}

Cost CostModel::FetchBatch(std::int64_t instructions) const {
  const std::int64_t beats = instructions * kFetchBeatsPerInstruction;
  return {std::max<std::int64_t>(
              1, ToCycles(fetch_start_up_ + port_latency_ + beats * fetch_per_beat_)),
          ToCycles(beats * port_per_beat_)};
}

}  // namespace foothold::vta
