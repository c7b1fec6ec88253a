#include "targets/vta/simulator/testing/small_program.h"

#include "targets/vta/simulator/work.h"

namespace foothold::vta {

Instruction Row(MemoryId memory, std::uint32_t count) {
  Rng rng(0);
  const DeviceProgram p = RandomTensors(Geometry{}, 1, &rng).program;
  const std::uint64_t addresses[] = {p.uop_address, p.wgt_address, p.inp_address,
                                     p.acc_address, p.out_address, p.acc_address};
  Instruction i;
  i.opcode = memory == MemoryId::kOut ? Opcode::kStore : Opcode::kLoad;
  i.memory = memory;
  i.dram_base = static_cast<std::uint32_t>(addresses[static_cast<std::size_t>(memory)] >>
                                           LogDramElementBytes(Geometry{}, memory));
  i.y_size = 1;
  i.x_size = i.x_stride = count;
  return i;
}

Instruction Loop(Opcode opcode, std::uint32_t count) {
  Instruction i;
  i.opcode = opcode;
  i.uop_end = 1;
  i.iter_out = 1;
  i.iter_in = count;
  i.dst_factor_in = i.src_factor_in = 1;
  return i;
}

Instruction NoOp(Unit unit) {
  Instruction i;
  i.opcode = unit == Unit::kStore ? Opcode::kStore : Opcode::kLoad;
  i.memory = unit == Unit::kStore ? MemoryId::kOut
                                  : (unit == Unit::kLoad ? MemoryId::kInp : MemoryId::kUop);
  return i;
}

Instruction Finish() { return {}; }

TestProgram MakeOneTile() {
  Rng rng(7);
  TestProgram test = RandomTensors(Geometry{}, 64, &rng);
  test.program.uops.assign(64, MicroOp{});
  Instruction reset = Loop(Opcode::kGemm, 8);
  reset.reset = reset.push_prev = true;
  Instruction inp = Row(MemoryId::kInp, 8);
  inp.pop_next = true;
  Instruction wgt = Row(MemoryId::kWgt, 1);
  wgt.push_next = true;
  Instruction gemm = Loop(Opcode::kGemm, 8);
  gemm.pop_prev = true;
  Instruction alu = Loop(Opcode::kAlu, 8);
  alu.alu_opcode = AluOpcode::kShr;
  alu.use_imm = true;
  alu.imm = 8;
  alu.push_next = true;
  Instruction store = Row(MemoryId::kOut, 8);
  store.pop_prev = store.push_prev = true;
  Instruction join = NoOp(Unit::kCompute);
  join.pop_next = true;
  test.program.instructions = {
      Row(MemoryId::kUop, 1), reset, inp, wgt, gemm, alu, store, join, Finish()};
  return test;
}

}  // namespace foothold::vta
