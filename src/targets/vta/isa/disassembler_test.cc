#include "targets/vta/isa/disassembler.h"

#include <gtest/gtest.h>

#include "foothold/rng.h"
#include "targets/vta/isa/testing/random_instruction.h"

namespace foothold::vta {
namespace {

TEST(DisassemblerTest, Load) {
  Instruction load;
  load.opcode = Opcode::kLoad;
  load.memory = MemoryId::kInp;
  load.dram_base = 16;
  load.y_size = load.x_size = load.x_stride = 14;
  load.pop_next = load.push_next = true;
  EXPECT_EQ(Disassemble(load),
            "load.inp        sram=0 dram=0x10 y=14 x=14 stride=14  pop_next push_next");
  load.y_pad_0 = 1;
  load.x_pad_1 = 2;
  EXPECT_EQ(Disassemble(load),
            "load.inp        sram=0 dram=0x10 y=14 x=14 stride=14 pad=1,0,0,2  pop_next push_next");
}

TEST(DisassemblerTest, Store) {
  Instruction store;
  store.opcode = Opcode::kStore;
  store.memory = MemoryId::kOut;
  store.sram_base = 7;
  EXPECT_EQ(Disassemble(store), "store.out       sram=7 dram=0x0 y=0 x=0 stride=0");
}

TEST(DisassemblerTest, Gemm) {
  Instruction gemm;
  gemm.opcode = Opcode::kGemm;
  gemm.uop_begin = 1;
  gemm.uop_end = 5;
  gemm.iter_out = 2;
  gemm.iter_in = 16;
  gemm.dst_factor_in = 1;
  gemm.src_factor_out = 16;
  gemm.wgt_factor_out = 2;
  gemm.pop_prev = true;
  EXPECT_EQ(Disassemble(gemm),
            "gemm            uop=1:5 loop=2x16 dst=0,1 src=16,0 wgt=2,0  pop_prev");
  gemm.reset = true;
  EXPECT_EQ(Disassemble(gemm).substr(0, 12), "gemm.reset  ");
}

TEST(DisassemblerTest, Alu) {
  Instruction alu;
  alu.opcode = Opcode::kAlu;
  alu.alu_opcode = AluOpcode::kShr;
  alu.iter_out = alu.iter_in = 1;
  alu.uop_end = 1;
  EXPECT_EQ(Disassemble(alu), "alu.shr         uop=0:1 loop=1x1 dst=0,0 src=0,0 imm=0");
  alu.use_imm = true;
  alu.imm = -5;
  EXPECT_EQ(Disassemble(alu), "alu.shr.imm     uop=0:1 loop=1x1 dst=0,0 src=0,0 imm=-5");
}

TEST(DisassemblerTest, FinishAndMicroOp) {
  Instruction finish;
  EXPECT_EQ(Disassemble(finish), "finish");
  finish.push_prev = true;
  EXPECT_EQ(Disassemble(finish), "finish          push_prev");
  EXPECT_EQ(Disassemble(MicroOp{16, 32, 1}), "dst=16 src=32 wgt=1");
}

TEST(DisassemblerTest, WritesWhatHasNoName) {
  Instruction instruction;
  instruction.opcode = static_cast<Opcode>(9);
  EXPECT_EQ(Disassemble(instruction), "unknown opcode 9");
  instruction.opcode = Opcode::kAlu;
  instruction.alu_opcode = static_cast<AluOpcode>(6);
  EXPECT_EQ(Disassemble(instruction).substr(0, 6), "alu.6 ");
}

// Every value can be read off the line: changing any field changes it. The one exception is the
// operand hidden at zero, which still differs from any other value.
TEST(DisassemblerTest, EveryFieldShows) {
  const Geometry geometry;
  const std::uint64_t seed = 3;
  Rng rng(seed);
  for (int i = 0; i < 500; ++i) {
    const Instruction instruction = RandomInstruction(geometry, rng);
    const InstructionEntry& entry = IsaTable()[static_cast<std::size_t>(instruction.opcode)];
    for (const FieldEntry& field : entry.fields) {
      if (field.name == "opcode") continue;
      Instruction other = instruction;
      const std::int64_t value = field.slot.Load(&instruction);
      const std::int64_t max = field.Max(geometry);
      StoreField(field, value == max ? value - 1 : value + 1, &other);
      ASSERT_NE(Disassemble(instruction), Disassemble(other))
          << "seed " << seed << " #" << i << " " << field.name;
    }
  }
}

}  // namespace
}  // namespace foothold::vta
