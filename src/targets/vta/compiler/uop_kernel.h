#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "targets/vta/compiler/lowered_program.h"
#include "targets/vta/compiler/rejection.h"
#include "targets/vta/isa/hardware.h"
#include "targets/vta/isa/instruction.h"

namespace foothold::vta {

/// A micro-op sequence and the instruction that runs it: what the runtime's JIT records at one call
/// site for one virtual thread (docs/reference/vta-and-autotvm.md#micro-op-kernels). `instruction`
/// has its loops and factors set, not its micro-op range.
struct UopKernel {
  Instruction instruction;
  std::vector<MicroOp> uops;
};

/// GEMM, or its reset form which ignores src and wgt. The two outermost loops of more than one
/// iteration become the instruction's loops (TVM's FoldUopLoop), the rest is unrolled into
/// micro-ops. `base` are the first indices.
///
/// Rejected when a micro-op writes the same accumulator as one of the two before it (VerifyDep: the
/// pipeline would read a stale value), or when the sequence exceeds the micro-op buffer.
std::variant<UopKernel, Rejection> MakeGemmKernel(std::span<const ComputeLoop> loops,
                                                  const MicroOp& base, bool reset,
                                                  const Geometry& geometry);

/// One ALU pass: a single micro-op in at most two loops; rejected when more remain.
std::variant<UopKernel, Rejection> MakeAluKernel(const AluPass& pass, const MicroOp& base);

}  // namespace foothold::vta
