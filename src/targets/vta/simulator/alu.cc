#include "targets/vta/simulator/alu.h"

#include <algorithm>

namespace foothold::vta {
namespace {

std::int32_t Wrap(std::uint32_t value) { return static_cast<std::int32_t>(value); }

template <AluOpcode kOpcode>
std::int32_t Apply(std::int32_t a, std::int32_t b) {
  if constexpr (kOpcode == AluOpcode::kMin) return std::min(a, b);
  if constexpr (kOpcode == AluOpcode::kMax) return std::max(a, b);
  if constexpr (kOpcode == AluOpcode::kAdd)
    return Wrap(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
  if constexpr (kOpcode == AluOpcode::kMul)
    return Wrap(static_cast<std::uint32_t>(a) * static_cast<std::uint32_t>(b));
  if constexpr (kOpcode == AluOpcode::kShr) {
    if (b >= 0) return a >> std::min(b, 31);
    return b <= -32 ? 0 : Wrap(static_cast<std::uint32_t>(a) << -b);
  }
  return a;
}

template <AluOpcode kOpcode>
void ApplyImmediate(std::int32_t* acc, std::size_t count, std::int32_t imm) {
  if constexpr (kOpcode == AluOpcode::kShr) {
    // The direction is chosen once, so that the loops vectorise.
    if (imm >= 0) {
      const int amount = std::min(imm, 31);
      for (std::size_t i = 0; i < count; ++i) acc[i] >>= amount;
      return;
    }
  }
  for (std::size_t i = 0; i < count; ++i) acc[i] = Apply<kOpcode>(acc[i], imm);
}

template <AluOpcode kOpcode>
void Run(const Instruction& i, std::span<const MicroOp> uops, std::size_t lanes,
         std::int32_t* acc) {
  // One micro-op over consecutive elements is one run of lanes.
  const bool dense = i.use_imm && uops.size() == 1 && i.dst_factor_in == 1;
  for (std::size_t y = 0; y < i.iter_out; ++y) {
    if (dense) {
      const std::size_t dst = uops[0].dst + y * i.dst_factor_out;
      ApplyImmediate<kOpcode>(acc + dst * lanes, i.iter_in * lanes, i.imm);
      continue;
    }
    for (std::size_t x = 0; x < i.iter_in; ++x) {
      const std::size_t dst_offset = y * i.dst_factor_out + x * i.dst_factor_in;
      const std::size_t src_offset = y * i.src_factor_out + x * i.src_factor_in;
      for (const MicroOp& uop : uops) {
        std::int32_t* const dst = acc + (uop.dst + dst_offset) * lanes;
        if (i.use_imm) {
          ApplyImmediate<kOpcode>(dst, lanes, i.imm);
          continue;
        }
        const std::int32_t* const src = acc + (uop.src + src_offset) * lanes;
        for (std::size_t lane = 0; lane < lanes; ++lane)
          dst[lane] = Apply<kOpcode>(dst[lane], src[lane]);
      }
    }
  }
}

}  // namespace

std::int32_t AluLane(AluOpcode opcode, std::int32_t a, std::int32_t b) {
  switch (opcode) {
    case AluOpcode::kMin:
      return Apply<AluOpcode::kMin>(a, b);
    case AluOpcode::kMax:
      return Apply<AluOpcode::kMax>(a, b);
    case AluOpcode::kAdd:
      return Apply<AluOpcode::kAdd>(a, b);
    case AluOpcode::kShr:
      return Apply<AluOpcode::kShr>(a, b);
    case AluOpcode::kMul:
      return Apply<AluOpcode::kMul>(a, b);
  }
  return a;
}

std::int32_t ChiselShift(std::int32_t a, std::int32_t b, bool immediate_is_negative) {
  const std::uint32_t amount = static_cast<std::uint32_t>(b) & 31;
  if (!immediate_is_negative) return a >> amount;
  return Wrap(static_cast<std::uint32_t>(a) << ((32 - amount) & 31));
}

void RunAlu(const Instruction& instruction, std::span<const MicroOp> uops, std::size_t lanes,
            std::int32_t* acc) {
  switch (instruction.alu_opcode) {
    case AluOpcode::kMin:
      return Run<AluOpcode::kMin>(instruction, uops, lanes, acc);
    case AluOpcode::kMax:
      return Run<AluOpcode::kMax>(instruction, uops, lanes, acc);
    case AluOpcode::kAdd:
      return Run<AluOpcode::kAdd>(instruction, uops, lanes, acc);
    case AluOpcode::kShr:
      return Run<AluOpcode::kShr>(instruction, uops, lanes, acc);
    case AluOpcode::kMul:
      return Run<AluOpcode::kMul>(instruction, uops, lanes, acc);
  }
}

}  // namespace foothold::vta
