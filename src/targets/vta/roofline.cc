#include "targets/vta/roofline.h"

#include <algorithm>
#include <vector>

#include "targets/vta/compiler/extended_schedule.h"

namespace foothold::vta {
namespace {

/// One axis of the image: how many (output, kernel offset) pairs read it rather than padding, and
/// how many of its lines are read at all.
struct AxisUse {
  std::int64_t pairs = 0;
  std::int64_t lines = 0;
};

AxisUse UseOf(const WindowAxis& axis, std::int64_t outputs) {
  AxisUse use;
  std::vector<bool> read(static_cast<std::size_t>(axis.extent), false);
  for (std::int64_t p = 0; p < outputs; ++p) {
    for (std::int64_t d = 0; d < axis.kernel; ++d) {
      const std::int64_t at = p * axis.stride + d - axis.pad;
      if (at < 0 || at % axis.upsample != 0 || at / axis.upsample >= axis.extent) continue;
      ++use.pairs;
      read[static_cast<std::size_t>(at / axis.upsample)] = true;
    }
  }
  use.lines = std::count(read.begin(), read.end(), true);
  return use;
}

/// GEMM micro-ops with image data.
double Products(const BlockedShape& s) {
  const AxisUse rows = UseOf(RowAxis(s), s.out_height);
  const AxisUse columns = UseOf(ColumnAxis(s), s.out_width);
  return static_cast<double>(rows.pairs * columns.pairs * s.batch * s.group_in() * s.out_channels);
}

/// Input elements of the rows that are read. Columns between those that are read count: leaving
/// them out would take a row of the DMA for each element.
std::int64_t InputsRead(const BlockedShape& s) {
  const AxisUse rows = UseOf(RowAxis(s), s.out_height);
  const std::int64_t first = std::max<std::int64_t>(-s.pad_w, 0);
  const std::int64_t beyond = (s.out_width - 1) * s.stride_w - s.pad_w + s.kernel_w;
  const std::int64_t last = std::min(s.width, (beyond + s.upsample_w - 1) / s.upsample_w);
  return s.batch * s.in_channels * rows.lines * std::max<std::int64_t>(last - first, 0);
}

/// `elements` as an endless row, and one start for each scratchpad that they fill: an instruction
/// moves no more.
double StreamCycles(const Timing& timing, const DmaTiming& dma, std::int64_t elements,
                    std::int64_t element_bytes, std::int64_t depth) {
  const auto bytes = static_cast<double>(elements * element_bytes);
  const double bursts = dma.burst_bytes == 0 ? 0 : bytes / dma.burst_bytes;
  const std::int64_t instructions = (elements + depth - 1) / depth;
  const double start = dma.start_up + dma.per_row + timing.Cycles(dma.start_up_ns + dma.per_row_ns);
  return bytes / dma.beat_bytes * dma.per_beat +
         bursts * (dma.per_burst + timing.Cycles(dma.per_burst_ns)) +
         static_cast<double>(instructions) * start;
}

}  // namespace

Roofline ComputeRoofline(const BlockedShape& shape, bool bias, const Geometry& geometry,
                         const Timing& timing) {
  const double hertz = timing.clock_mhz * 1e6;
  std::int64_t bytes = InputsRead(shape) * geometry.inp_elem_bytes() +
                       shape.WeightElements() * geometry.wgt_elem_bytes() +
                       shape.OutputElements() * geometry.out_elem_bytes();
  if (bias) bytes += shape.BiasElements() * geometry.acc_elem_bytes();
  const double bytes_per_cycle = timing.load_inp.beat_bytes / timing.port_cycles_per_beat;
  return {Products(shape) * timing.gemm.per_uop / hertz,
          static_cast<double>(bytes) / bytes_per_cycle / hertz};
}

double UnitBounds::Seconds() const {
  return std::max({compute_seconds, load_seconds, store_seconds});
}

std::string_view UnitBounds::Bottleneck() const {
  if (compute_seconds >= load_seconds && compute_seconds >= store_seconds) return "compute";
  return load_seconds >= store_seconds ? "load" : "store";
}

UnitBounds ComputeUnitBounds(const BlockedShape& shape, const Requantize& requantize,
                             const Geometry& geometry, const Timing& timing) {
  const double hertz = timing.clock_mhz * 1e6;
  const auto outputs = static_cast<double>(shape.OutputElements());
  const double passes =  // shift, min, max, and the addition of a bias
      3 * timing.alu_imm.per_uop + (requantize.bias ? timing.alu_tensor.per_uop : 0);
  UnitBounds bounds;
  bounds.compute_seconds =
      (Products(shape) * timing.gemm.per_uop + outputs * (timing.gemm_reset.per_uop + passes)) /
      hertz;
  bounds.load_seconds = (StreamCycles(timing, timing.load_inp, InputsRead(shape),
                                      geometry.inp_elem_bytes(), geometry.inp_depth()) +
                         StreamCycles(timing, timing.load_wgt, shape.WeightElements(),
                                      geometry.wgt_elem_bytes(), geometry.wgt_depth())) /
                        hertz;
  bounds.store_seconds = StreamCycles(timing, timing.store_out, shape.OutputElements(),
                                      geometry.out_elem_bytes(), geometry.acc_depth()) /
                         hertz;
  return bounds;
}

double PeakOperationsPerSecond(const Geometry& geometry, const Timing& timing) {
  return 2.0 * static_cast<double>(geometry.macs_per_gemm()) * timing.clock_mhz * 1e6 /
         timing.gemm.per_uop;
}

}  // namespace foothold::vta
