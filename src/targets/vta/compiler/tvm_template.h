#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "foothold/space.h"
#include "foothold/status.h"
#include "foothold/workload.h"
#include "targets/vta/compiler/blocked_shape.h"
#include "targets/vta/compiler/lowered_program.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// AutoTVM's stock VTA templates `conv2d_packed.vta`, `group_conv2d_packed.vta`,
/// `conv2d_transpose_packed.vta` and `dense_packed.vta` (docs/reference/vta-and-autotvm.md#knobs
/// and on): the same knobs with the same values in the same order, so that an index means the same
/// config here and there.
///
/// Convolutions: tile_b, tile_h, tile_w, tile_ci (of one group), tile_co (inner sizes: the divisors
/// of the extent), oc_nthread, h_nthread. dense: tile_b, tile_ci, tile_co, oc_nthread.

/// What the template lowers: the host spreads the input of a transposed convolution.
Result<BlockedShape> TvmTemplateShape(const Workload& workload, const Geometry& geometry);

/// InvalidArgument when VTA has no such operator.
Result<Space> TvmTemplateSpace(const Workload& workload, const Geometry& geometry);

/// The rules of lowering and of the JIT as constraints on the space. Every config that breaks one
/// is refused when it is compiled, in either phase; of those that break none a few are refused too
/// (values that do not fit their field, more than 99 batch rows, all kernels beyond the RTL's
/// micro-op memory). REQUIRES: TvmTemplateSpace(workload, geometry).ok().
std::vector<Constraint> TvmTemplateConstraints(const Workload& workload, const Geometry& geometry);

/// Lowers the schedule that `values` (a config of TvmTemplateSpace, values in parameter order)
/// describes: TVM's lowering rules with their order, so that the first rule broken here is the one
/// TVM reports. REQUIRES: TvmTemplateSpace(workload, geometry).ok() and values from it.
/// Thread-safe.
std::variant<LoweredProgram, Rejection> LowerTvmTemplate(const Workload& workload,
                                                         const Geometry& geometry,
                                                         std::span<const std::int64_t> values);

}  // namespace foothold::vta
