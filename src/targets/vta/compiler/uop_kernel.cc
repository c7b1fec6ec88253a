#include "targets/vta/compiler/uop_kernel.h"

#include <fmt/core.h>

#include <optional>

#include "base/text.h"

namespace foothold::vta {
namespace {

std::uint32_t Field(std::int64_t value) { return static_cast<std::uint32_t>(value); }

void SetOuterLoop(const ComputeLoop& loop, Instruction& instruction) {
  instruction.iter_out = Field(loop.extent);
  instruction.dst_factor_out = Field(loop.dst);
  instruction.src_factor_out = Field(loop.src);
  instruction.wgt_factor_out = Field(loop.wgt);
}

void SetInnerLoop(const ComputeLoop& loop, Instruction& instruction) {
  instruction.iter_in = Field(loop.extent);
  instruction.dst_factor_in = Field(loop.dst);
  instruction.src_factor_in = Field(loop.src);
  instruction.wgt_factor_in = Field(loop.wgt);
}

std::vector<ComputeLoop> DropUnitLoops(std::span<const ComputeLoop> loops) {
  std::vector<ComputeLoop> kept;
  for (const ComputeLoop& loop : loops) {
    if (loop.extent > 1) kept.push_back(loop);
  }
  return kept;
}

/// The outermost ones, two at most.
std::size_t FoldedLoops(std::span<const ComputeLoop> loops) {
  std::size_t count = 0;
  while (count < 2 && count < loops.size() && loops[count].folds) ++count;
  return count;
}

/// The micro-ops of the loop nest, outermost loop first.
std::vector<MicroOp> Unroll(std::span<const ComputeLoop> loops, const MicroOp& base) {
  std::vector<MicroOp> uops = {base};
  for (const ComputeLoop& loop : loops) {
    std::vector<MicroOp> unrolled;
    unrolled.reserve(uops.size() * static_cast<std::size_t>(loop.extent));
    for (const MicroOp& uop : uops) {
      for (std::int64_t i = 0; i < loop.extent; ++i) {
        unrolled.push_back({uop.dst + Field(i * loop.dst), uop.src + Field(i * loop.src),
                            uop.wgt + Field(i * loop.wgt)});
      }
    }
    uops = std::move(unrolled);
  }
  return uops;
}

/// docs/reference/vta-and-autotvm.md#micro-op-kernels, VerifyDep: the runtime guards a window of
/// two earlier micro-ops.
std::optional<Rejection> CheckAccumulatorHazard(const std::vector<MicroOp>& uops) {
  for (std::size_t i = 1; i < uops.size(); ++i) {
    for (std::size_t distance = 1; distance <= 2 && distance <= i; ++distance) {
      if (uops[i].dst != uops[i - distance].dst) continue;
      return Rejection{
          Phase::kJit, "jit.hazard",
          fmt::format(
              "micro-ops {} and {} write accumulator {}: the pipeline needs 3 between them, the "
              "unrolled tile has too few output positions",
              i - distance, i, uops[i].dst)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::variant<UopKernel, Rejection> MakeGemmKernel(std::span<const ComputeLoop> all_loops,
                                                  const MicroOp& base, bool reset,
                                                  const Geometry& geometry) {
  const std::vector<ComputeLoop> loops = DropUnitLoops(all_loops);
  UopKernel kernel;
  kernel.instruction.opcode = Opcode::kGemm;
  kernel.instruction.reset = reset;
  kernel.instruction.iter_out = 1;
  kernel.instruction.iter_in = 1;
  const std::size_t folded = FoldedLoops(loops);
  if (folded > 0) SetOuterLoop(loops[0], kernel.instruction);
  if (folded > 1) SetInnerLoop(loops[1], kernel.instruction);

  const std::span<const ComputeLoop> unrolled = std::span(loops).subspan(folded);
  std::int64_t count = 1;
  for (const ComputeLoop& loop : unrolled) count *= loop.extent;
  if (count > geometry.uop_capacity()) {
    return Rejection{
        Phase::kJit, "jit.micro-op",
        fmt::format("micro-op buffer: one kernel needs {} micro-ops of {}",
                    base::WithThousands(count), base::WithThousands(geometry.uop_capacity()))};
  }
  kernel.uops = Unroll(unrolled, base);
  if (auto hazard = CheckAccumulatorHazard(kernel.uops)) return *std::move(hazard);
  return kernel;
}

std::variant<UopKernel, Rejection> MakeAluKernel(const AluPass& pass, const MicroOp& base) {
  if (pass.loops.size() > 2) {
    return Rejection{Phase::kJit, "jit.loops",
                     fmt::format("an element-wise pass needs {} loops, an ALU instruction has 2",
                                 pass.loops.size())};
  }
  UopKernel kernel;
  kernel.instruction.opcode = Opcode::kAlu;
  kernel.instruction.alu_opcode = pass.opcode;
  kernel.instruction.use_imm = pass.use_imm;
  kernel.instruction.imm = pass.imm;
  kernel.instruction.iter_out = 1;
  kernel.instruction.iter_in = 1;
  // The runtime records a lone ALU loop as the inner one
  // (docs/reference/vta-and-autotvm.md#micro-op-kernels).
  if (!pass.loops.empty()) SetInnerLoop(pass.loops.back(), kernel.instruction);
  if (pass.loops.size() == 2) SetOuterLoop(pass.loops.front(), kernel.instruction);
  kernel.uops = {base};
  return kernel;
}

}  // namespace foothold::vta
