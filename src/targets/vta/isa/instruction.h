#pragma once

#include <cstdint>

namespace foothold::vta {

/// The values below are those of the encoding (docs/reference/vta-and-autotvm.md#instruction-header
/// and on): do not change them.
enum class Opcode : std::uint8_t { kLoad = 0, kStore = 1, kGemm = 2, kFinish = 3, kAlu = 4 };
enum class MemoryId : std::uint8_t { kUop = 0, kWgt = 1, kInp = 2, kAcc = 3, kOut = 4, kAcc8 = 5 };
enum class AluOpcode : std::uint8_t { kMin = 0, kMax = 1, kAdd = 2, kShr = 3, kMul = 4 };

/// One decoded instruction. Fields are wider than their encodings so that Validate can see what
/// would be cut off; those that an opcode does not have are zero. Units: SRAM and DRAM positions
/// and sizes in elements of `memory`.
struct Instruction {
  Opcode opcode = Opcode::kFinish;
  // Dependency flags: which token queues the instruction waits on before it runs and signals after.
  bool pop_prev = false;
  bool pop_next = false;
  bool push_prev = false;
  bool push_next = false;

  MemoryId memory = MemoryId::kUop;  // LOAD, STORE
  bool reset = false;    // GEMM: write zeros; encoded in ALU too, where no engine reads it
  bool use_imm = false;  // ALU
  AluOpcode alu_opcode = AluOpcode::kMin;
  std::int32_t imm = 0;  // ALU, signed 16 bits

  // LOAD, STORE.
  std::uint32_t sram_base = 0;
  std::uint32_t dram_base = 0;
  std::uint32_t y_size = 0;    // rows
  std::uint32_t x_size = 0;    // elements per row
  std::uint32_t x_stride = 0;  // elements from row to row in DRAM
  std::uint32_t y_pad_0 = 0;
  std::uint32_t y_pad_1 = 0;
  std::uint32_t x_pad_0 = 0;
  std::uint32_t x_pad_1 = 0;

  // GEMM, ALU.
  std::uint32_t uop_begin = 0;
  std::uint32_t uop_end = 0;  // exclusive
  std::uint32_t iter_out = 0;
  std::uint32_t iter_in = 0;
  std::uint32_t dst_factor_out = 0;
  std::uint32_t dst_factor_in = 0;
  std::uint32_t src_factor_out = 0;
  std::uint32_t src_factor_in = 0;
  std::uint32_t wgt_factor_out = 0;  // GEMM
  std::uint32_t wgt_factor_in = 0;   // GEMM

  friend bool operator==(const Instruction&, const Instruction&) = default;
};

/// One micro-op: accumulator, source (input for GEMM, accumulator for ALU) and weight element
/// indices.
struct MicroOp {
  std::uint32_t dst = 0;
  std::uint32_t src = 0;
  std::uint32_t wgt = 0;

  friend bool operator==(const MicroOp&, const MicroOp&) = default;
};

}  // namespace foothold::vta
