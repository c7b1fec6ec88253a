#pragma once

#include <optional>

#include "targets/vta/compiler/lowered_program.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"

namespace foothold::vta {

/// TVM's StorageFlatten: each buffer of one virtual thread alone must fit its scratchpad
/// (docs/reference/vta-and-autotvm.md#rejected-configs, row 8).
std::optional<Rejection> CheckSingleBuffers(const LoweredProgram& program,
                                            const Geometry& geometry);

/// TVM's StorageRewrite: all virtual threads' buffers of one scratchpad together must fit
/// (docs/reference/vta-and-autotvm.md#rejected-configs, row 9).
///
/// A bias under two thread axes is refused here too: TVM 0.8 no longer recognises the add as
/// in-place there, gives the intermediate results buffers of their own and then cannot match the
/// ALU operation (measured on whole spaces: every such config fails in lowering, none reaches the
/// JIT).
std::optional<Rejection> CheckThreadedBuffers(const LoweredProgram& program,
                                              const Geometry& geometry);

}  // namespace foothold::vta
