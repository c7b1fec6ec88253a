#include "vta/roofline.h"

namespace foothold::vta {

Roofline ComputeRoofline(const BlockedShape& shape, bool bias, const Geometry& geometry,
                         const Timing& timing) {
  const double hertz = timing.clock_mhz * 1e6;
  const double gemm_ops = static_cast<double>(shape.OutputElements() * shape.in_channels *
                                              shape.kernel_h * shape.kernel_w);
  std::int64_t bytes = shape.InputElements() * geometry.inp_elem_bytes() +
                       shape.WeightElements() * geometry.wgt_elem_bytes() +
                       shape.OutputElements() * geometry.out_elem_bytes();
  if (bias) bytes += shape.BiasElements() * geometry.acc_elem_bytes();
  const double bytes_per_cycle = timing.load_inp.beat_bytes / timing.port_cycles_per_beat;
  return {gemm_ops * timing.gemm.per_uop / hertz,
          static_cast<double>(bytes) / bytes_per_cycle / hertz};
}

double PeakOperationsPerSecond(const Geometry& geometry, const Timing& timing) {
  return 2.0 * static_cast<double>(geometry.macs_per_gemm()) * timing.clock_mhz * 1e6 /
         timing.gemm.per_uop;
}

}  // namespace foothold::vta
